"""JSON over HTTP the way Datadog speaks it: bodies in, ready-made JSON out, errors as lists of texts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from generator.localdog.organisation import Json, Payload

MAX_BODY_BYTES = 5 * 1024 * 1024
MAX_DEPTH = 64
PARTS_A_TURN = 500
Part = TypeVar("Part")

FORBIDDEN: Payload = {
    "status": "error",
    "code": 403,
    "errors": ["Forbidden"],
    "statuspage": "http://status.datadoghq.com",
    "twitter": "http://twitter.com/datadogops",
    "email": "support@datadoghq.com",
}
NOT_FOUND: Payload = {**FORBIDDEN, "code": 404, "errors": ["Not found"]}

encode = msgspec.json.Encoder().encode


class Rejected(Exception):  # noqa: N818 the server's verdict on a request, not a fault of ours
    """The request is refused with this status and body."""

    def __init__(self, status: int, body: Json) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body


def rejected(message: str, status: int = 400) -> Rejected:
    return Rejected(status, {"errors": [message]})


def answer(body: Json, status: int = 200) -> Response:
    return answer_json(encode(body), status)


def answer_json_api(body: Json) -> Response:
    """The second version's own media type, recorded with queries."""
    return Response(encode(body), media_type="application/vnd.api+json")


def answer_json(text: bytes, status: int = 200) -> Response:
    """Send JSON that is already text."""
    return Response(text, status, media_type="application/json")


async def in_turns(parts: Iterable[Part]) -> AsyncIterator[Part]:
    """Let other requests in between; nothing that is open in the database may be handed in."""
    for place, part in enumerate(parts, 1):
        yield part
        if place % PARTS_A_TURN == 0:
            await asyncio.sleep(0)


def joined(texts: Iterable[bytes]) -> bytes:
    """One JSON array of ready-made JSON texts."""
    return b"[" + b",".join(texts) + b"]"


async def body_object(request: Request) -> Payload:
    """The request's JSON object, or a 400 that says what it was instead."""
    try:
        body = msgspec.json.decode(await limited_body(request))
    except (msgspec.DecodeError, RecursionError, ValueError) as error:
        raise rejected(f"Invalid JSON in the request body: {error}") from error
    if not isinstance(body, dict):
        raise rejected(f"Expected a JSON object as the request body, found {_json_type(body)}")
    if _too_deep(body):
        raise rejected(f"The request body is nested deeper than {MAX_DEPTH} levels")
    return body


async def limited_body(request: Request, most_bytes: int = MAX_BODY_BYTES) -> bytes:
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > most_bytes:
            raise rejected(f"The request body is larger than {most_bytes} bytes")
    return bytes(received)


def _too_deep(body: Payload) -> bool:
    level: list[Json] = [body]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for value in level
            for inner in (value.values() if isinstance(value, dict) else value)
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return False
    return True


def _json_type(value: object) -> str:
    names: Mapping[type, str] = {list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")


def whole_number(request: Request, name: str, *, lowest: int = 0) -> int | None:
    """A number from the query string; None where it is not given."""
    text = request.query_params.get(name)
    if text is None or not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 12 or int(text) < lowest:
        raise rejected(f"The value provided for parameter '{name}' is invalid")
    return int(text)


def words(request: Request, name: str) -> tuple[str, ...]:
    """A comma-separated list from the query string."""
    return tuple(part.strip() for part in request.query_params.get(name, "").split(",") if part.strip())


def is_true(request: Request, name: str) -> bool:
    return request.query_params.get(name, "").lower() == "true"
