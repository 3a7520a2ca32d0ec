"""Serves the application on 127.0.0.1: embedded in a thread, or in the foreground until stopped."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from generator.localdog.app import create_app
from generator.localdog.door import Door
from generator.localdog.fault import Scenario
from generator.localdog.faults import NO_FAULTS
from generator.localdog.gate import Keys
from generator.localdog.minutes import each_minute
from generator.localdog.organisation import Clock, Organisation
from generator.localdog.seed import plant
from generator.localdog.store import Store

HOST = "127.0.0.1"
STOP_WITHIN_SECONDS = 5
# Longer than a client thinks between two requests: one sent into a closing connection is neither done nor refused.
KEEP_ALIVE_SECONDS = 60


def wall_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Begin:
    """What a server starts with: the keys it takes, what goes wrong, and a folder of what is there.

    With `now` its clock stands there. Notifications are posted to the `webhook`, on this machine only.
    """

    keys: Keys | None = None
    scenario: Scenario | None = None
    seed: Path | None = None
    now: datetime | None = None
    webhook: str | None = None


NOTHING = Begin()


class PortUnusable(Exception):  # noqa: N818 reads as what it says
    """The port cannot be listened on; the text tells a person what to do."""


class DoorServer(uvicorn.Server):
    """Can refuse connections for a while, and cut those that exist."""

    def __init__(self, config: uvicorn.Config, port: int, door: Door) -> None:
        super().__init__(config)
        self._port = port
        door.bind(lambda: self.server_state.connections, self.shut)

    def shut(self, seconds: float) -> None:
        """A closed socket refuses; the port is taken again after so long."""
        for listener in self.servers:
            listener.close()
        loop = asyncio.get_running_loop()
        loop.call_later(seconds, lambda: loop.create_task(self._open_again()))

    async def _open_again(self) -> None:
        if self.should_exit or any(listener.is_serving() for listener in self.servers):
            return
        listening = _listening_socket(self._port)
        self.servers = [await asyncio.get_running_loop().create_server(self._protocol, sock=listening, backlog=2048)]

    def _protocol(self) -> asyncio.Protocol:
        return H11Protocol(config=self.config, server_state=self.server_state, app_state={})


class QuietServer(DoorServer):
    """Leaves the signals of the process it lives in alone."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextmanager
def embedded(database: Path | None, *, clock: Clock = wall_clock, begin: Begin = NOTHING) -> Iterator[str]:
    """Serve from a thread while the block runs; the value is the base URL. None keeps everything in memory.

    Monitors are evaluated when somebody moves the clock, not by themselves.
    """
    with closing(_listening_socket(0)) as listening, closing(Store.open(database)) as store:
        organisation = Organisation(store, clock, webhook=begin.webhook)
        server = QuietServer(_config(organisation, begin), _port(listening), organisation.door)
        thread = threading.Thread(
            target=lambda: asyncio.run(server.serve(sockets=[listening])), name="local Datadog", daemon=True
        )
        thread.start()
        try:
            yield _url(listening)
        finally:
            server.should_exit = True
            thread.join(STOP_WITHIN_SECONDS)
            organisation.faults.set(NO_FAULTS)


def serve(database: Path | None, port: int, announce: Callable[[str], None], *, begin: Begin = NOTHING) -> None:
    """Serve until interrupted; `announce` is told the base URL once connections are accepted."""
    with closing(_listening_socket(port)) as listening, closing(Store.open(database)) as store:
        organisation = Organisation(store, wall_clock, webhook=begin.webhook)
        server = DoorServer(_config(organisation, begin), _port(listening), organisation.door)
        announce(_url(listening))
        try:
            asyncio.run(_serve_and_evaluate(server, listening, organisation))
        finally:
            organisation.faults.set(NO_FAULTS)


async def _serve_and_evaluate(server: DoorServer, listening: socket.socket, organisation: Organisation) -> None:
    rounds = asyncio.create_task(each_minute(organisation))
    try:
        await server.serve(sockets=[listening])
    finally:
        rounds.cancel()


def _config(organisation: Organisation, begin: Begin) -> uvicorn.Config:
    app = create_app(organisation, keys=begin.keys)
    if begin.now is not None:
        organisation.time.stand(begin.now)
    if begin.seed is not None:
        plant(organisation, begin.seed)
    if begin.scenario is not None:
        organisation.faults.set(begin.scenario)
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        log_level="critical",
        lifespan="off",
        http=H11Protocol,
        ws="none",
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=1,
        server_header=False,
    )


def _listening_socket(port: int) -> socket.socket:
    """Connections queue from here on, so a client may call before the server's loop runs."""
    # asyncio turns Nagle's algorithm off only where the protocol is named; with it each answer takes 40 ms.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen(2048)
    except OSError as error:
        listening.close()
        raise PortUnusable(
            f"port {port} of {HOST} cannot be used: {error.strerror}. Name another port, or 0 for any free one."
        ) from error
    return listening


def _port(listening: socket.socket) -> int:
    port: int = listening.getsockname()[1]
    return port


def _url(listening: socket.socket) -> str:
    return f"http://{HOST}:{_port(listening)}"
