"""Monitors: /api/v1/monitor."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from generator.localdog.group_states import state
from generator.localdog.monitor_defaults import completed
from generator.localdog.monitor_draft import Draft, Sight, draft, written_fields
from generator.localdog.monitor_list import TYPE, asked_states, extended, id_of, listed
from generator.localdog.monitor_policies import policy_rejection
from generator.localdog.monitor_rules import rejection
from generator.localdog.monitor_shape import (
    creation_rejection,
    schedule_change_rejection,
    shape_rejection,
    type_change_rejection,
)
from generator.localdog.organisation import Organisation, Payload, timestamp
from generator.localdog.store import Id, Record, Reference, Referrer
from generator.localdog.wire import (
    Rejected,
    answer,
    answer_json,
    body_object,
    encode,
    in_turns,
    is_true,
    joined,
    rejected,
    words,
)  # fmt: skip

COMPOSITES = "composite monitors"
FIRST_ID = 100_000_001
BEYOND_IDS = 2**63
# What only the answers to a write show, and a read that asks for assets.
WRITE_ONLY = ("restriction_policy", "assets")
# For monitors that are not judged.
BLIND = Sight(lambda _: True, lambda _: None)
KEPT_OF_EXPORTS = ("created", "created_at", "modified", "creator", "multi")


def routes(organisation: Organisation) -> list[Route]:
    monitors = Monitors(organisation)
    one = "/api/v1/monitor/{monitor_id}"
    return [
        Route("/api/v1/monitor", monitors.list, methods=["GET"]),
        Route("/api/v1/monitor", monitors.create, methods=["POST"]),
        Route("/api/v1/monitor/validate", monitors.validate, methods=["POST"]),
        Route("/api/v1/monitor/can_delete", monitors.can_delete, methods=["GET"]),
        Route(f"{one}/validate", monitors.validate_existing, methods=["POST"]),
        Route(one, monitors.read, methods=["GET"]),
        Route(one, monitors.update, methods=["PUT"]),
        Route(one, monitors.delete, methods=["DELETE"]),
    ]


@dataclass(frozen=True)
class Monitors:
    organisation: Organisation

    async def create(self, request: Request) -> Response:
        judged = self._judged_new(await body_object(request))
        definition = completed(judged)
        digest = digest_of(definition)
        store = self.organisation.store
        with store.transaction():
            twin = store.first_with_digest(TYPE, digest)
            if twin is not None:
                raise rejected(f"Duplicate of an existing monitor_id:{twin} org_id:{self.organisation.org_id}")
            monitor_id = store.next_number(TYPE, first=FIRST_ID)
            monitor = self.created(monitor_id, definition, judged)
            store.put(record_of(monitor, digest, judged))
        return answer(monitor)

    async def validate(self, request: Request) -> Response:
        self._judged_new(await body_object(request))
        return answer({})

    async def validate_existing(self, request: Request) -> Response:
        sent = written_fields(await body_object(request))
        monitor = self._monitor(request)
        self._judged(sent)
        self._refuse_change(monitor, sent)
        return answer({})

    async def update(self, request: Request) -> Response:
        sent = written_fields(await body_object(request))
        store = self.organisation.store
        with store.transaction():
            monitor = self._monitor(request)
            self._refuse_change(monitor, sent)
            judged = self._judged(merged(monitor, sent))
            definition = completed(judged)
            updated = {
                **monitor,
                **definition,
                "multi": self._is_multi(judged),
                "modified": timestamp(self.organisation.now()),
                "assets": described_assets(monitor["id"], definition),
            }
            store.put(record_of(updated, digest_of(definition), judged))
        return answer(without(updated, "creator"))

    async def read(self, request: Request) -> Response:
        record = self._record(request)
        asked = asked_states(request)
        records = self.organisation.store.standings
        more: Payload = {"state": state(records.find(id_of(record.body)), asked)} if asked else {}
        if is_true(request, "with_assets"):
            more["assets"] = msgspec.json.decode(record.extra)["assets"]
        if is_true(request, "with_downtimes"):
            more["matching_downtimes"] = []
        return answer_json(extended(record.body, more))

    async def list(self, request: Request) -> Response:
        return answer_json(joined([body async for body in in_turns(listed(self.organisation.store, request))]))

    async def delete(self, request: Request) -> Response:
        store = self.organisation.store
        with store.transaction():
            monitor = self._monitor(request)
            referrers = store.referrers(TYPE, monitor["id"])
            if referrers and not is_true(request, "force"):
                raise deletion_refused(referrers, [self._reason(monitor, by) for by in referrers])
            store.delete(TYPE, monitor["id"])
        return answer({"deleted_monitor_id": monitor["id"]})

    async def can_delete(self, request: Request) -> Response:
        asked = words(request, "monitor_ids")
        if not asked:
            raise rejected("monitor_ids are required")
        ok, errors = [], {}
        for text in asked:
            monitor = self._find(text)
            if monitor is None:
                raise rejected("Monitor not found", 404)
            reasons = [self._reason(monitor, by) for by in self.organisation.store.referrers(TYPE, monitor["id"])]
            if reasons:
                errors[text] = reasons
            else:
                ok.append(monitor["id"])
        if errors:
            return answer({"data": {"ok": ok}, "errors": errors}, 409)
        return answer({"data": {"ok": ok}, "errors": None})

    def _judged_new(self, sent: Payload) -> Draft:
        judged = self._judged(written_fields(sent))
        problem = creation_rejection(judged.type)
        if problem is not None:
            raise rejected(problem)
        return judged

    def _judged(self, definition: Payload) -> Draft:
        problem = shape_rejection(definition)
        if problem is None:
            judged = draft(
                definition, Sight(self._sees_monitors, self._slo_target), self.organisation.now().timestamp()
            )
            problem = rejection(judged) or policy_rejection(self.organisation.store, definition.get("tags"))
            if problem is None:
                return judged
        raise rejected(problem)

    def _refuse_change(self, monitor: Payload, sent: Payload) -> None:
        problem = type_change_rejection(monitor["type"], sent.get("type") or monitor["type"])
        if problem is None and isinstance(sent.get("options"), dict):
            problem = schedule_change_rejection(monitor["options"], sent["options"])
        if problem is not None:
            raise rejected(problem)

    def _sees_monitors(self, monitor_ids: tuple[int, ...]) -> bool:
        found = [self._find(str(monitor_id)) for monitor_id in dict.fromkeys(monitor_ids)]
        return bool(found) and all(monitor is not None and monitor["type"] != "composite" for monitor in found)

    def _slo_target(self, slo_id: str) -> float | None:
        record = self.organisation.store.find("slo", slo_id)
        thresholds = None if record is None else msgspec.json.decode(record.body).get("thresholds")
        return float(thresholds[0]["target"]) if thresholds else None

    def _is_multi(self, judged: Draft) -> bool:
        """A cost monitor is never multi, even where its variable is grouped; a composite is if one of its parts is."""
        if judged.type == "composite":
            parts = [self._find(str(part)) for part in judged.reading.references]
            return any(part is not None and part["multi"] for part in parts)
        return judged.reading.grouped and judged.type != "cost alert"

    def created(self, monitor_id: int, definition: Payload, judged: Draft) -> Payload:
        now = self.organisation.now()
        return {
            "id": monitor_id,
            "org_id": self.organisation.org_id,
            **definition,
            "multi": self._is_multi(judged),
            "created_at": int(now.timestamp()) * 1000,
            "created": timestamp(now),
            "modified": timestamp(now),
            "deleted": None,
            "restriction_policy": None,
            "assets": described_assets(monitor_id, definition),
            "overall_state_modified": None,
            "overall_state": "No Data",
            "creator": self.organisation.user,
        }

    def _record(self, request: Request) -> Record:
        record = self._find_record(request.path_params["monitor_id"])
        if record is None:
            raise rejected("Monitor not found", 404)
        return record

    def _monitor(self, request: Request) -> Payload:
        return whole(self._record(request))

    def _find(self, text: str) -> Payload | None:
        record = self._find_record(text)
        return None if record is None else whole(record)

    def _find_record(self, text: str) -> Record | None:
        if not (text.isascii() and text.isdigit() and len(text) <= 18):
            return None
        return self.organisation.store.find(TYPE, int(text))

    def _reason(self, monitor: Payload, by: Referrer) -> str:
        record = self.organisation.store.find(by.type, by.id)
        called = "" if record is None else msgspec.json.decode(record.body).get("name")
        return f"monitor [{monitor['id']},{monitor['name']}] is referenced in {by.called}: [{by.id},{called}]"


def planted(organisation: Organisation, payload: Payload) -> Record | None:
    """An exported monitor as it was, completed as the server would have."""
    monitor_id = payload.get("id")
    if not isinstance(monitor_id, int) or not 0 < monitor_id < BEYOND_IDS or shape_rejection(payload) is not None:
        return None
    judged = draft(written_fields(payload), BLIND, organisation.now().timestamp())
    definition = completed(judged)
    fresh = Monitors(organisation).created(monitor_id, definition, judged)
    kept = {field: payload[field] for field in KEPT_OF_EXPORTS if payload.get(field) is not None}
    return record_of({**fresh, **kept}, digest_of(definition), judged)


def merged(monitor: Payload, sent: Payload) -> Payload:
    """An update keeps the fields it leaves out, but replaces all options except what is silenced."""
    definition = {**written_fields(monitor), **sent}
    if monitor["type"] == "query alert" and sent.get("type") == "metric alert":
        definition["type"] = monitor["type"]  # recorded 4 times: a query alert stays one
    if isinstance(sent.get("options"), dict):
        definition["options"] = {"silenced": monitor["options"].get("silenced", {}), **sent["options"]}
    elif sent.get("options") is None:
        definition["options"] = monitor["options"]
    return definition


def digest_of(definition: Payload) -> str:
    """Two monitors are duplicates when these parts are equal as the server keeps them."""
    parts = [definition.get(field) for field in ("type", "name", "query", "message", "tags", "priority")]
    options = without(definition["options"], "silenced")
    return hashlib.sha256(msgspec.json.encode([*parts, options], order="deterministic")).hexdigest()


def record_of(monitor: Payload, digest: str, judged: Draft) -> Record:
    return Record(
        TYPE,
        monitor["id"],
        encode(without(monitor, *WRITE_ONLY)),
        encode({field: monitor[field] for field in WRITE_ONLY}),
        digest,
        tuple(monitor["tags"]),
        tuple(Reference(TYPE, part, COMPOSITES) for part in judged.reading.references),
    )


def whole(record: Record) -> Payload:
    monitor: Payload = {**msgspec.json.decode(record.body), **msgspec.json.decode(record.extra)}
    return monitor


def without(payload: Payload, *fields: str) -> Payload:
    return {name: value for name, value in payload.items() if name not in fields}


def described_assets(monitor_id: Id, definition: Payload) -> list[Payload]:
    blank: Payload = {"template_variables": {}, "options": {}, "resource_key": None, "resource_type": None}
    return [{"monitor_id": monitor_id, **blank, **asset} for asset in definition.get("assets") or ()]


def deletion_refused(referrers: tuple[Referrer, ...], reasons: list[str]) -> Rejected:
    """Both answers are reported by users; the second status is the server's own oddity."""
    ids = [referrer.id for referrer in referrers if referrer.called == COMPOSITES]
    if ids:
        return rejected(f"Monitor is part of the following composite monitors {ids}")
    return Rejected(401, {"errors": reasons})
