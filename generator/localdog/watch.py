"""What stands before all else: it reads a request once, and writes down how it was answered."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from generator.localdog.incoming import Incoming
from generator.localdog.organisation import Organisation, timestamp
from generator.localdog.recent import BODY_CHARACTERS, Seen

API = "/api/"
KEY = re.compile(r"((?:^|&)(?:api|application)_key=)[^&]*")


@dataclass(frozen=True)
class Watch:
    """Only the API is played with all its limits and faults; the page and the admin endpoints are our own."""

    app: ASGIApp
    own: ASGIApp
    organisation: Organisation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if not scope["path"].startswith(API):
            await self.own(scope, receive, send)
            return
        incoming = Incoming(receive)
        await incoming.read()
        scope["toban.incoming"] = incoming
        started = time.perf_counter()
        number = self.organisation.recent.next_number()
        at = timestamp(self.organisation.now())
        status: list[int] = []

        async def send_noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                status.append(message["status"])
            await send(message)

        try:
            await self.app(scope, incoming.replayed(), send_noted)
        finally:
            self.organisation.recent.add(
                Seen(
                    number,
                    at,
                    scope["method"],
                    scope["path"],
                    without_keys(scope["query_string"].decode("latin-1")),
                    status[0] if status else None,
                    round((time.perf_counter() - started) * 1000, 3),
                    scope.get("toban.fault", ""),
                    incoming.body[:BODY_CHARACTERS].decode(errors="replace"),
                )
            )


def without_keys(query: str) -> str:
    """Old clients put their keys into the query string."""
    return KEY.sub(r"\1hidden", query) if "key=" in query else query
