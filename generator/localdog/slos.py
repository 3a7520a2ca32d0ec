"""Service level objectives: /api/v1/slo."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from generator.localdog.metric_queries import required, span_of
from generator.localdog.organisation import Json, Organisation, Payload
from generator.localdog.slo_rules import TIMEFRAMES, TYPE_IDS, rejection
from generator.localdog.slo_shape import SHOWN_NUMBERS, as_decimal, chosen, completed
from generator.localdog.store import Page, Record, Reference
from generator.localdog.wire import (
    NOT_FOUND,
    Rejected,
    answer,
    body_object,
    encode,
    is_true,
    rejected,
    whole_number,
    words,
)  # fmt: skip

TYPE = "slo"
DEFAULT_LIMIT = 1000
ALL_TIMEFRAMES = "all"
NOT_PLAYED = ("/api/v1/slo/search", "/api/v1/slo/correction")


def routes(organisation: Organisation) -> list[Route]:
    slos = Slos(organisation)
    one = "/api/v1/slo/{slo_id}"
    return [
        Route("/api/v1/slo", slos.list, methods=["GET"]),
        Route("/api/v1/slo", slos.create, methods=["POST"]),
        Route("/api/v1/slo/can_delete", slos.can_delete, methods=["GET"]),
        Route("/api/v1/slo/bulk_delete", slos.delete_several, methods=["POST"]),
        *(Route(path, not_played, methods=["GET", "PUT", "DELETE"]) for path in NOT_PLAYED),
        Route(one, slos.read, methods=["GET"]),
        Route(one, slos.update, methods=["PUT"]),
        Route(one, slos.delete, methods=["DELETE"]),
        Route(f"{one}/history", slos.history, methods=["GET"]),
    ]


async def not_played(_request: Request) -> Response:
    """A word of the API is not the id of an SLO."""
    return answer(NOT_FOUND, 404)


@dataclass(frozen=True)
class Slos:
    organisation: Organisation

    async def create(self, request: Request) -> Response:
        sent = await body_object(request)
        store = self.organisation.store
        with store.transaction():
            self._judge(sent)
            now = int(self.organisation.now().timestamp())
            slo = self._completed(self._new_id(), sent, created_at=now)
            store.put(record_of(slo))
        return answer(wrapped(slo))

    async def update(self, request: Request) -> Response:
        sent = await body_object(request)
        store = self.organisation.store
        with store.transaction():
            record = store.find(TYPE, request.path_params["slo_id"])
            before = None if record is None else msgspec.json.decode(record.body)
            # Recorded: the type of an update is needed, and what counts is the type that there is.
            self._judge({**sent, "type": before["type"]} if before and sent.get("type") else sent)
            if before is None:
                raise self._unknown(request)
            sent = {**sent, "type": before["type"]}
            slo = self._completed(before["id"], sent, created_at=before["created_at"])
            store.put(record_of(slo))
        return answer(wrapped(slo))

    async def read(self, request: Request) -> Response:
        return answer({"data": self._found(request), "error": None})

    async def list(self, request: Request) -> Response:
        limit, skip = whole_number(request, "limit", lowest=1) or DEFAULT_LIMIT, whole_number(request, "offset") or 0
        ids = words(request, "ids")
        found = self._named(ids) if ids else self._all()
        wanted, tags = request.query_params.get("query", "").casefold(), set(words(request, "tags_query"))
        found = [slo for slo in found if wanted in slo["name"].casefold() and tags <= set(slo["tags"])]
        return answer({"data": found[skip : skip + limit], "error": None})

    def _all(self) -> Iterable[Payload]:
        return map(msgspec.json.decode, self.organisation.store.bodies(TYPE, page=Page()))

    def _named(self, ids: tuple[str, ...]) -> Iterable[Payload]:
        if len(set(ids)) < len(ids):
            raise rejected("All items in parameter 'True' must be unique")  # recorded, `True` included
        records = [self.organisation.store.find(TYPE, slo_id) for slo_id in ids]
        found = [msgspec.json.decode(record.body) for record in records if record is not None]
        if not found:
            raise rejected(f"no SLOs found for ids: {list(ids)} not found", 404)
        return found

    async def history(self, request: Request) -> Response:
        """Only the refusal of a span is recorded; what an SLO's history would be is not played."""
        span_of(required(request, "from_ts"), required(request, "to_ts"))
        self._found(request)
        raise rejected("The local Datadog does not play the history of SLOs")

    async def delete(self, request: Request) -> Response:
        store = self.organisation.store
        with store.transaction():
            slo_id = self._found(request)["id"]
            reasons = self._reasons(slo_id)
            if reasons and not is_true(request, "force"):
                raise Rejected(409, {"errors": reasons, "data": None})
            store.delete(TYPE, slo_id)
        return answer({"data": [slo_id], "error": None})

    async def delete_several(self, request: Request) -> Response:
        """Take time frames away; an SLO that keeps none is deleted."""
        asked = await body_object(request)
        if not asked:
            raise rejected("'1' is invalid")  # recorded, word for word
        if not all(is_timeframes(each) for each in asked.values()):
            raise rejected(f"Value of parameter 'timeframe' should be any of these {[*TIMEFRAMES, ALL_TIMEFRAMES]}")
        deleted, updated, errors = [], [], []
        with self.organisation.store.transaction():
            for slo_id, timeframes in asked.items():
                slo = self._find(slo_id)
                if slo is None:
                    errors.append({"id": slo_id, "message": f"{slo_id} not found", "timeframe": ALL_TIMEFRAMES})
                elif self._shortened(slo, set(timeframes)):
                    updated.append(slo_id)
                else:
                    deleted.append(slo_id)
        return answer({"data": {"deleted": deleted, "updated": updated}, "errors": errors})

    def _shortened(self, slo: Payload, timeframes: set[str]) -> bool:
        """Tell whether a time frame is left; without any the SLO is deleted."""
        left = [each for each in slo["thresholds"] if not timeframes & {each["timeframe"], ALL_TIMEFRAMES}]
        if left:
            self.organisation.store.put(record_of({**slo, "thresholds": left, **chosen(left, slo.get("timeframe"))}))
        else:
            self.organisation.store.delete(TYPE, slo["id"])
        return bool(left)

    async def can_delete(self, request: Request) -> Response:
        asked = words(request, "ids")
        if not asked:
            raise rejected("ids are required")
        reasons = {name: reason for slo_id in asked for name, reason in self._reasons(slo_id).items()}
        ok = [slo_id for slo_id in asked if slo_id not in reasons]
        verdict = {"data": {"ok": ok, "denied_ids": list(reasons)}, "errors": reasons or None}
        return answer(verdict, 409 if reasons else 200)

    def _judge(self, sent: Payload) -> None:
        problem = rejection(sent, self._sees)
        if problem is not None:
            raise rejected(f"Invalid payload: {problem}")

    def _sees(self, monitor_id: object) -> bool:
        return isinstance(monitor_id, int) and self.organisation.store.exists("monitor", monitor_id)

    def _found(self, request: Request) -> Payload:
        found = self._find(request.path_params["slo_id"])
        if found is None:
            raise self._unknown(request)
        return found

    def _find(self, slo_id: str) -> Payload | None:
        record = self.organisation.store.find(TYPE, slo_id)
        return None if record is None else msgspec.json.decode(record.body)

    def _unknown(self, request: Request) -> Rejected:
        return rejected(f"SLO not found: {request.path_params['slo_id']} not found", 404)

    def _completed(self, slo_id: str, sent: Payload, *, created_at: int) -> Payload:
        user = self.organisation.user
        return {
            "id": slo_id,
            **completed(sent),
            "type_id": TYPE_IDS[sent["type"]],
            "monitor_tags": [],
            "creator": {name: user[name] for name in ("name", "handle", "email")},
            "created_at": created_at,
            "modified_at": int(self.organisation.now().timestamp()),
        }

    def _new_id(self) -> str:
        number = self.organisation.store.next_number(TYPE)
        return hashlib.md5(f"{self.organisation.org_id} {number}".encode(), usedforsecurity=False).hexdigest()

    def _reasons(self, slo_id: str) -> dict[str, str]:
        """What names the SLO: dashboards by their widgets, and monitors that alert on it."""
        holders = {}
        for kind, called in (("dashboard", "dashboards"), ("monitor", "monitors")):
            needle = slo_id.encode()
            found = [body for body in self.organisation.store.bodies(kind) if needle in body]
            if found:
                ids = ", ".join(str(msgspec.json.decode(body)["id"]) for body in found)
                holders[called] = f"slo {slo_id} is referenced in {called}: {ids}"
        return {slo_id: next(iter(holders.values()))} if holders else {}


def wrapped(slo: Payload) -> Payload:
    return {"data": [slo], "error": None}


def planted(_organisation: Organisation, payload: Payload) -> Record | None:
    """An exported SLO as it was."""
    lists = [payload.get(field) for field in ("thresholds", "tags")]
    texts = [payload.get(field) for field in ("id", "type")]
    is_whole = all(isinstance(each, list) for each in lists) and all(isinstance(each, str) for each in texts)
    if not is_whole or payload["type"] not in TYPE_IDS or not all(map(is_whole_threshold, payload["thresholds"])):
        return None
    return record_of(payload)


def is_whole_threshold(threshold: Json) -> bool:
    return isinstance(threshold, dict) and {"timeframe", "target"} <= threshold.keys()


def is_timeframes(value: Json) -> bool:
    return isinstance(value, list) and all(each in (*TIMEFRAMES, ALL_TIMEFRAMES) for each in value)


def record_of(slo: Payload) -> Record:
    """A read shows as decimals what the answer to a write shows as it was sent: recorded."""
    slo = {**slo, **{name: as_decimal(slo[name]) for name in SHOWN_NUMBERS if name in slo}}
    monitors = (Reference("monitor", part, "slos") for part in slo.get("monitor_ids") or ())
    return Record(TYPE, slo["id"], encode(slo), tags=tuple(slo["tags"]), references=tuple(monitors))
