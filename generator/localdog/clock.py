"""The server's time: read it, set it, move it on with all evaluations in between, or let it go again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from generator.localdog.evaluating import begin_at, evaluate
from generator.localdog.moments import LONGEST, MomentRefused, duration, moment
from generator.localdog.organisation import Organisation, timestamp
from generator.localdog.posting import post_waiting
from generator.localdog.wire import answer, body_object, rejected

CLOCK = "/_toban/clock"
HOW = (
    'The clock takes {"now": "2027-01-12T08:00:00Z"}, where it stands then, or {"advance": "10m"}; DELETE lets it '
    "follow the machine's"
)


def own_routes(organisation: Organisation) -> list[Route]:
    clock = Clock(organisation)
    return [
        Route(CLOCK, clock.read, methods=["GET"]),
        Route(CLOCK, clock.change, methods=["POST", "PUT"]),
        Route(CLOCK, clock.go, methods=["DELETE"]),
    ]


@dataclass(frozen=True)
class Clock:
    organisation: Organisation

    async def read(self, _request: Request) -> Response:
        return self._told()

    async def change(self, request: Request) -> Response:
        sent = await body_object(request)
        try:
            if sent.keys() == {"advance"}:
                await move_on(self.organisation, duration(sent["advance"]))
            elif sent.keys() == {"now"}:
                await set_time(self.organisation, moment(sent["now"]))
            else:
                raise rejected(f"Found {', '.join(sent)[:60] or 'nothing'}. {HOW}")
        except MomentRefused as error:
            raise rejected(str(error)) from error
        await post_waiting(self.organisation)
        return self._told()

    async def go(self, _request: Request) -> Response:
        self.organisation.time.go()
        await begin_at(self.organisation)
        return self._told()

    def _told(self) -> Response:
        until = self.organisation.store.standings.evaluated_until()
        return answer(
            {
                "now": timestamp(self.organisation.now()),
                "stands": self.organisation.time.stands_at is not None,
                "evaluated_until": None if until is None else datetime.fromtimestamp(until, UTC).isoformat(),
            }
        )


async def move_on(organisation: Organisation, by: timedelta) -> None:
    """Every minute in between is evaluated."""
    moved = moment((organisation.now() + by).isoformat())
    await evaluate(organisation)
    organisation.time.stand(moved)
    await evaluate(organisation, longest=int(LONGEST.total_seconds()))


async def set_time(organisation: Organisation, at: datetime) -> None:
    """Nothing in between is evaluated; what has points at the moment is evaluated there once."""
    organisation.time.stand(at)
    await begin_at(organisation)
    await evaluate(organisation)
