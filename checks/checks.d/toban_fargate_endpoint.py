"""Asks the task metadata endpoint of ECS: where it is, and one JSON document of it.

It lies on the task's own link, so neither a proxy nor a redirect is followed, and an answer that is late, cut off or
too large is an error, never half a document.
"""

from __future__ import annotations

import io
import json
import re
import socket
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any, cast
from urllib.parse import urlsplit

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate.html
_BY_VARIABLE = ("ECS_CONTAINER_METADATA_URI_V4", "ECS_CONTAINER_METADATA_URI")
# The endpoint of platform 1.3 and before has a fixed address and no variable.
_VERSION_2 = "http://169.254.170.2/v2"
_LARGEST_ANSWER = 2 * 1024 * 1024
_QUOTED = 120
_PATH = re.compile(r"[!-~]*")


class _TooLargeError(HTTPException):
    """An answer went on beyond the largest size."""


class EndpointError(Exception):
    """The endpoint is not there, or its answer is of no use."""


@dataclass(frozen=True)
class Endpoint:
    """Addresses of the two documents."""

    task: str
    stats: str


def endpoint_of(environ: Mapping[str, str]) -> Endpoint:
    """Version 4, else 3, else 2, as the task's environment tells."""
    for name in _BY_VARIABLE:
        if base := environ.get(name, "").rstrip("/"):
            return Endpoint(f"{base}/task", f"{base}/task/stats")
    if environ.get("ECS_FARGATE") or environ.get("AWS_EXECUTION_ENV", "").startswith("AWS_ECS_"):
        return Endpoint(f"{_VERSION_2}/metadata", f"{_VERSION_2}/stats")
    raise EndpointError(
        "this Agent runs in no ECS task: neither ECS_CONTAINER_METADATA_URI_V4 nor ECS_CONTAINER_METADATA_URI is set; "
        "run it as a container of the task, where ECS sets them"
    )


def read_json(url: str, *, timeout_seconds: float) -> object:
    """The document at `url`; the time-out holds for all of the answer."""
    body = _body(url, timeout_seconds)
    try:
        return json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise EndpointError(f"{url} did not answer with JSON, but with {_quoted(body)}") from None


def _body(url: str, timeout_seconds: float) -> bytes:
    host, port, path = _parts(url)
    try:
        with closing(_BoundedConnection(host, port, timeout=timeout_seconds)) as connection:
            connection.request("GET", path, headers={"Accept": "application/json", "Connection": "close"})
            with connection.getresponse() as response:
                return _whole(url, response)
    except TimeoutError:
        raise EndpointError(f"{url} did not answer in full within {timeout_seconds:g} s") from None
    except _TooLargeError:
        raise EndpointError(f"{url} sent more than {_LARGEST_ANSWER // 1024**2} MiB") from None
    except (HTTPException, ValueError) as error:
        why = _quoted(str(error).encode("utf-8", "replace"))
        raise EndpointError(f"{url} gave no whole answer: {why}") from error
    except OSError as error:
        raise EndpointError(f"{url} cannot be reached: {error.strerror or error}") from error


def _parts(url: str) -> tuple[str, int, str]:
    """Host, port and path."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port or 80
    except ValueError:
        host, port = "", 0
    if not host or parts.scheme != "http" or not _PATH.fullmatch(parts.path) or parts.query:
        written = _quoted(url.encode("utf-8", "replace"))
        raise EndpointError(f"{written} is no address of a metadata endpoint; ECS sets one such as {_VERSION_2}")
    return host, port, parts.path


def _whole(url: str, response: HTTPResponse) -> bytes:
    body = response.read(_LARGEST_ANSWER)
    if response.status != 200:
        where = " and pointed elsewhere" if 300 <= response.status < 400 else ""
        raise EndpointError(f"{url} answered {response.status}{where}: {_quoted(body)}")
    if response.length:
        raise EndpointError(f"{url} gave no whole answer: {response.length} bytes are missing")
    return body


def _quoted(body: bytes) -> str:
    """The beginning of an answer on one line."""
    text = body[: 4 * _QUOTED].decode("utf-8", "replace")
    line = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return f"`{line[:_QUOTED]}…`" if len(line) > _QUOTED else f"`{line}`" if line else "nothing"


def _refuse(constant: str) -> object:
    raise ValueError(constant)


# A connection that ends by itself.


class _BoundedConnection(HTTPConnection):
    """One request and its answer within the time-out and the largest size, headers included."""

    def connect(self) -> None:
        deadline = time.monotonic() + cast(float, self.timeout)
        super().connect()
        self.sock = cast(socket.socket, _BoundedSocket(self.sock, deadline))


class _BoundedSocket:
    """As much of a socket as http.client uses."""

    def __init__(self, connected: socket.socket, deadline: float) -> None:
        self._socket = connected
        self._deadline = deadline

    def sendall(self, content: bytes) -> None:
        self._socket.sendall(content)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_BoundedAnswer(self._socket, self._deadline))

    def close(self) -> None:
        self._socket.close()


class _BoundedAnswer(io.RawIOBase):
    """What a socket receives. A socket's own time-out begins anew with every byte; this one does not."""

    def __init__(self, connected: socket.socket, deadline: float) -> None:
        self._socket = connected
        # Keeps the socket open until it has been read: http.client closes its own reference before.
        self._received = connected.makefile("rb", buffering=0)
        self._deadline = deadline
        self._left = _LARGEST_ANSWER

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._received.close()
        super().close()

    def readinto(self, buffer: Any) -> int:
        seconds = self._deadline - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        self._socket.settimeout(seconds)
        received = self._received.readinto(buffer) or 0
        self._left -= received
        if self._left < 0:
            raise _TooLargeError
        return received
