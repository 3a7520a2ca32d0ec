"""A plain HTTP client for the tests, which shows what is on the wire."""

from __future__ import annotations

import http.client
import json
from typing import Any, NamedTuple

Payload = dict[str, Any]


class Answer(NamedTuple):
    status: int
    body: Any
    headers: http.client.HTTPMessage


class Client:
    def __init__(self, url: str) -> None:
        self.url = url
        self._connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=30)

    def __call__(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """Send JSON, or bytes as they are; a header's underscores stand for hyphens."""
        content = body if isinstance(body, bytes) else None if body is None else json.dumps(body)
        sent = {"Content-Type": "application/json", **{name.replace("_", "-"): text for name, text in headers.items()}}
        self._connection.request(method, path, content, sent)
        response = self._connection.getresponse()
        text = response.read()
        return Answer(response.status, json.loads(text) if text else None, response.headers)

    def close(self) -> None:
        self._connection.close()

    def empty(self) -> None:
        """Delete all that the server holds, and end its faults; a connection that a fault cut is made anew."""
        self.close()
        self("POST", "/_toban/reset")
