"""A Datadog that answers from a script, and a client whose time stands still unless it waits."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from generator.datadog.client import Datadog
from generator.datadog.target import Target

API_KEY = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
APPLICATION_KEY = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c"


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    parameters: dict[str, str]
    headers: dict[str, str]
    payload: Any


@dataclass(frozen=True)
class Reply:
    """`status` None breaks the connection off instead of answering."""

    status: int | None = 200
    payload: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None


Script = Callable[[Request], Reply]


class ScriptedServer:
    def __init__(self, script: Script) -> None:
        self.requests: list[Request] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler(script))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self, script: Script) -> type[BaseHTTPRequestHandler]:
        requests = self.requests

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                parts = urlsplit(self.path)
                request = Request(
                    self.command,
                    parts.path,
                    dict(parse_qsl(parts.query)),
                    dict(self.headers),
                    json.loads(body) if body else None,
                )
                requests.append(request)
                reply = script(request)
                if reply.status is None:
                    self.close_connection = True
                    return
                sent = reply.body if reply.body is not None else json.dumps(reply.payload).encode()
                self.send_response_only(reply.status)
                for name, value in {**reply.headers, "Content-Length": str(len(sent))}.items():
                    self.send_header(name, value)
                # Who asked may have left by now.
                with suppress(ConnectionError):
                    self.end_headers()
                    self.wfile.write(sent)

            do_GET = do_POST = do_PUT = do_DELETE = handle_any  # noqa: N815 - the names http.server calls

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base class
                pass

        return Handler


class StoppedClock:
    """Seconds that pass only by sleeping."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    @property
    def slept(self) -> float:
        return self.now - 1000.0


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def scripted() -> Iterator[Callable[[Script], ScriptedServer]]:
    """Start a server that answers from a script."""
    with ExitStack() as stack:

        def start(script: Script) -> ScriptedServer:
            server = ScriptedServer(script)
            stack.callback(server.stop)
            return server

        yield start


@pytest.fixture
def client_of(clock: StoppedClock) -> Iterator[Callable[..., Datadog]]:
    """Make a client of a URL."""
    with ExitStack() as stack:

        def make(url: str, **options: Any) -> Datadog:
            target = Target(url, API_KEY, APPLICATION_KEY)
            client = Datadog(target, clock=clock, sleep=clock.sleep, random=lambda: 0.0, **options)
            return stack.enter_context(client)

        yield make


@pytest.fixture
def reply() -> type[Reply]:
    return Reply


@pytest.fixture
def replies_in_turn() -> Callable[..., Script]:
    """A script of one reply after the other; the last one is repeated."""

    def script(*replies: Reply) -> Script:
        left = list(replies)
        lock = threading.Lock()

        def next_reply(_: Request) -> Reply:
            with lock:
                return left.pop(0) if len(left) > 1 else left[0]

        return next_reply

    return script
