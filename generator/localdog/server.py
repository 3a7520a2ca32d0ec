"""Serves the application on 127.0.0.1: embedded in a thread, or in the foreground until stopped."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import uvicorn

from generator.localdog.app import create_app
from generator.localdog.gate import Keys
from generator.localdog.organisation import Clock
from generator.localdog.store import Store

HOST = "127.0.0.1"
STOP_WITHIN_SECONDS = 5


def wall_clock() -> datetime:
    return datetime.now(UTC)


class PortUnusable(Exception):  # noqa: N818 reads as what it says
    """The port cannot be listened on; the text tells a person what to do."""


class QuietServer(uvicorn.Server):
    """Leaves the signals of the process it lives in alone."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextmanager
def embedded(database: Path | None, *, clock: Clock = wall_clock, keys: Keys | None = None) -> Iterator[str]:
    """Serve from a thread while the block runs; the value is the base URL. None keeps everything in memory."""
    with closing(_listening_socket(0)) as listening, closing(Store.open(database)) as store:
        server = QuietServer(_config(store, clock=clock, keys=keys))
        thread = threading.Thread(
            target=lambda: asyncio.run(server.serve(sockets=[listening])), name="local Datadog", daemon=True
        )
        thread.start()
        try:
            yield _url(listening)
        finally:
            server.should_exit = True
            thread.join(STOP_WITHIN_SECONDS)


def serve(database: Path | None, port: int, announce: Callable[[str], None], *, keys: Keys | None = None) -> None:
    """Serve until interrupted; `announce` is told the base URL once connections are accepted."""
    with closing(_listening_socket(port)) as listening, closing(Store.open(database)) as store:
        announce(_url(listening))
        server = uvicorn.Server(_config(store, clock=wall_clock, keys=keys))
        asyncio.run(server.serve(sockets=[listening]))


def _config(store: Store, *, clock: Clock, keys: Keys | None) -> uvicorn.Config:
    return uvicorn.Config(
        create_app(store, clock=clock, keys=keys),
        log_config=None,
        access_log=False,
        log_level="critical",
        lifespan="off",
        ws="none",
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


def _url(listening: socket.socket) -> str:
    return f"http://{HOST}:{listening.getsockname()[1]}"
