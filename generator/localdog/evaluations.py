"""Which monitors are evaluated, where they stand, and why the others are not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from generator.localdog.evaluating import engine_of
from generator.localdog.monitor_list import TYPE
from generator.localdog.organisation import Organisation, Payload
from generator.localdog.standing_store import MonitorRecord
from generator.localdog.watched import Watched, watched
from generator.localdog.wire import answer, in_turns

EVALUATIONS = "/_toban/evaluations"
NO_POINT = "no point was ever sent of {metrics}"
NOT_YET = "not evaluated yet"


def own_routes(organisation: Organisation) -> list[Route]:
    return [Route(EVALUATIONS, Evaluations(organisation).read, methods=["GET"])]


@dataclass(frozen=True)
class Evaluations:
    organisation: Organisation

    async def read(self, _request: Request) -> Response:
        return answer({"monitors": [each async for each in in_turns(self._told())]})

    def _told(self) -> Iterator[Payload]:
        store = self.organisation.store
        records, newest = store.standings.all(), store.series.newest()
        for body in [*store.bodies(TYPE)]:
            each = self.organisation.rounds.watched.get(body) or watched(body)
            record = records.get(each.id)
            why = reason(self.organisation, each, record, sent=frozenset(newest))
            until = None if record is None else datetime.fromtimestamp(record.until, UTC).isoformat()
            yield {
                "id": each.id,
                "name": each.payload["name"],
                "state": each.payload["overall_state"],
                "groups": 0 if record is None else len(record.groups),
                "evaluated_until": until,
                "not_evaluated": why,
            }


def reason_of(organisation: Organisation, body: bytes, record: MonitorRecord | None) -> str:
    """Why the monitor of this text is not evaluated; empty where it is."""
    return reason(organisation, watched(body), record, sent=frozenset(organisation.store.series.newest()))


def reason(organisation: Organisation, each: Watched, record: MonitorRecord | None, *, sent: frozenset[str]) -> str:
    """Why a monitor's state does not change; empty where it does."""
    refusal = each.refusal or (record.refusal if record is not None else "")
    if refusal or each.is_composite:
        return refusal
    refusal = engine_of(organisation).reading(each).refusal
    if refusal or record is not None:
        return refusal
    return (
        NOT_YET
        if sent & set(each.metrics)
        else NO_POINT.format(metrics=", ".join(f"`{name}`" for name in each.metrics))
    )
