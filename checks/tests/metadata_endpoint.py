"""A task metadata endpoint on this machine, which answers as it is told to."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class MetadataEndpoint:
    """Where it listens; `answers` by path may be changed while it runs, `asked` are the paths in order."""

    url: str
    answers: dict[str, Answer]
    asked: list[str] = field(default_factory=list)

    def serve(self, base: str, task: Any, stats: Any) -> str:
        """Both documents below `base`; the address to put into the variable of ECS."""
        self.answers |= {f"{base}/task": document(task), f"{base}/task/stats": document(stats)}
        return self.url + base


def document(value: Any) -> Answer:
    """`value` as JSON; a function is asked for its value each time."""
    return lambda request: reply(request, json.dumps(value() if callable(value) else value).encode())


def reply(request: BaseHTTPRequestHandler, body: bytes, *, status: int = 200, **headers: str) -> None:
    request.send_response(status)
    for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(body)


@contextlib.contextmanager
def listening() -> Iterator[MetadataEndpoint]:
    endpoint = MetadataEndpoint("", {})

    class Request(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            endpoint.asked.append(self.path)
            # A check that has heard enough hangs up.
            with contextlib.suppress(ConnectionError):
                endpoint.answers.get(self.path, _unknown)(self)
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Keep the tests' output readable."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Request)
    server.daemon_threads = True
    endpoint.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _unknown(request: BaseHTTPRequestHandler) -> None:
    reply(request, b'"V4 task metadata handler: unable to find it"', status=404)
