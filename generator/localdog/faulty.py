"""Carries out faults: it stands between the rate limits and the routes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import msgspec
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from generator.localdog.fault import Deed, ScenarioUnreadable, When, read_deed
from generator.localdog.gate import READING
from generator.localdog.incoming import Answer, Incoming
from generator.localdog.organisation import Organisation
from generator.localdog.wire import FORBIDDEN, answer

HEADER = "x-toban-fault"
REASONS = {
    429: "Too many requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
    512: "Timeout",
}
HTML = (
    "<html><head><title>{status}</title></head><body>The answer of something that stands before Datadog.</body></html>"
)
NO_ROOM = "0"
NO_MOMENT = "`stale` shows what was there when a scenario was set, and none with a `stale` fault is; PUT one first"


@dataclass(frozen=True)
class FaultyWay:
    """Which fault struck is told to `RecentRequests` by the scope."""

    app: ASGIApp
    organisation: Organisation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = Headers(scope=scope).get(HEADER)
        incoming: Incoming = scope["toban.incoming"]
        query = scope["query_string"].decode("latin-1")
        try:
            deeds: tuple[Deed, ...] = () if asked is None else (self._asked(asked),)
        except ScenarioUnreadable as error:
            await answer({"errors": [f"{HEADER}: {error}"]}, 400)(scope, receive, send)
            return
        deeds += self.organisation.faults.striking(scope["method"], scope["path"], query, incoming.body)
        for deed in deeds:
            if deed.delay is not None:
                await asyncio.sleep(self.organisation.faults.seconds(deed.delay))
        spoiling = next((deed for deed in deeds if deed.spoils), None)
        if deeds:
            scope["toban.fault"] = "; ".join(told(deed) for deed in deeds)
        if spoiling is None:
            await self.app(scope, receive, send)
        else:
            await self._spoil(spoiling, scope, incoming, send)

    def _asked(self, text: str) -> Deed:
        deed = read_deed(text)
        if deed.stale and self.organisation.faults.frozen is None:
            raise ScenarioUnreadable(NO_MOMENT)
        return deed

    async def _spoil(self, deed: Deed, scope: Scope, incoming: Incoming, send: Send) -> None:
        door = self.organisation.door
        if deed.stale:
            frozen = self.organisation.faults.frozen if scope["method"] in READING else None
            await (self.app if frozen is None else frozen.app)(scope, incoming.replayed(), send)
        elif deed.half:
            await self._send_half(scope, incoming, send)
        elif deed.refuse_seconds is not None:
            await door.refuse(scope, deed.refuse_seconds)
        else:
            if deed.after_write or deed.reset == "after_write":
                await self.app(scope, incoming.replayed(), Answer())
            if deed.reset is not None:
                await door.reset(scope)
            else:
                await self._instead(deed)(scope, incoming.replayed(), send)

    def _instead(self, deed: Deed) -> Response:
        status = deed.status or 200
        headers = dict(deed.headers)
        if status == 429:
            headers = {"x-ratelimit-remaining": NO_ROOM, **headers}
        if deed.content_type is not None:
            text = HTML.format(status=status) if deed.body is None else str(deed.body)
            return Response(text, status, headers, media_type=deed.content_type)
        errors = {"errors": [REASONS.get(status, "Fault on request")]}
        spoken = errors if status == 429 else {**FORBIDDEN, "code": status, **errors}
        body = spoken if deed.body is None else deed.body
        return Response(msgspec.json.encode(body), status, headers, media_type="application/json")

    async def _send_half(self, scope: Scope, incoming: Incoming, send: Send) -> None:
        """Promise the whole length, send half of it and close."""
        whole = Answer()
        await self.app(scope, incoming.replayed(), whole)
        await send(whole.start)
        await send({"type": "http.response.body", "body": whole.body[: len(whole.body) // 2], "more_body": True})
        await self.organisation.door.end(scope)


def told(part: Deed | When) -> str:
    """A deed, or when it is done, as one would write it."""
    return msgspec.json.encode(part).decode()
