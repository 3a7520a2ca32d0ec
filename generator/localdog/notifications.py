"""The sink: what was sent to whom, for tests and people to read."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from generator.localdog.organisation import Organisation
from generator.localdog.wire import answer, whole_number

NOTIFICATIONS = "/_toban/notifications"
MOST = 1000


def own_routes(organisation: Organisation) -> list[Route]:
    sink = Sink(organisation)
    return [
        Route(NOTIFICATIONS, sink.read, methods=["GET"]),
        Route(NOTIFICATIONS, sink.clear, methods=["DELETE"]),
    ]


@dataclass(frozen=True)
class Sink:
    organisation: Organisation

    async def read(self, request: Request) -> Response:
        """Oldest first; `after` is the number of the last one that was read, `monitor` whose they are."""
        found = self.organisation.store.standings.notifications(
            after=whole_number(request, "after") or 0,
            most=min(whole_number(request, "most", lowest=1) or MOST, MOST),
            monitor=whole_number(request, "monitor"),
        )
        return answer({"notifications": list(found)})

    async def clear(self, _request: Request) -> Response:
        self.organisation.store.standings.forget_notifications()
        return answer({"notifications": []})
