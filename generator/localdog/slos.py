"""Service level objectives: /api/v1/slo."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from generator.localdog.organisation import Organisation, Payload
from generator.localdog.slo_rules import TYPE_IDS, rejection
from generator.localdog.slo_shape import completed
from generator.localdog.store import Page, Record, Reference
from generator.localdog.wire import (
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


def routes(organisation: Organisation) -> list[Route]:
    slos = Slos(organisation)
    one = "/api/v1/slo/{slo_id}"
    return [
        Route("/api/v1/slo", slos.list, methods=["GET"]),
        Route("/api/v1/slo", slos.create, methods=["POST"]),
        Route("/api/v1/slo/can_delete", slos.can_delete, methods=["GET"]),
        Route(one, slos.read, methods=["GET"]),
        Route(one, slos.update, methods=["PUT"]),
        Route(one, slos.delete, methods=["DELETE"]),
    ]


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
        return answer({"data": self._found(request), "errors": None})

    async def list(self, request: Request) -> Response:
        limit, skip = whole_number(request, "limit", lowest=1) or DEFAULT_LIMIT, whole_number(request, "offset") or 0
        found = [msgspec.json.decode(body) for body in self.organisation.store.bodies(TYPE, page=Page())]
        ids, wanted = words(request, "ids"), request.query_params.get("query", "").casefold()
        tags = set(words(request, "tags_query"))
        found = [
            slo
            for slo in found
            if (not ids or slo["id"] in ids) and wanted in slo["name"].casefold() and tags <= set(slo["tags"])
        ]
        page = {"total_count": len(found), "total_filtered_count": len(found)}
        return answer({"data": found[skip : skip + limit], "errors": None, "metadata": {"page": page}})

    async def delete(self, request: Request) -> Response:
        store = self.organisation.store
        with store.transaction():
            slo_id = self._found(request)["id"]
            reasons = self._reasons(slo_id)
            if reasons and not is_true(request, "force"):
                raise Rejected(409, {"errors": reasons, "data": None})
            store.delete(TYPE, slo_id)
        return answer({"data": [slo_id], "error": None})

    async def can_delete(self, request: Request) -> Response:
        asked = words(request, "ids")
        if not asked:
            raise rejected("ids are required")
        reasons = {name: reason for slo_id in asked for name, reason in self._reasons(slo_id).items()}
        ok = [slo_id for slo_id in asked if slo_id not in reasons]
        if reasons:
            return answer({"data": {"ok": ok}, "errors": reasons, "denied_ids": None}, 409)
        return answer({"data": {"ok": ok}, "errors": None, "denied_ids": None})

    def _judge(self, sent: Payload) -> None:
        problem = rejection(sent, self._sees)
        if problem is not None:
            raise rejected(f"Invalid payload: {problem}")

    def _sees(self, monitor_id: object) -> bool:
        return isinstance(monitor_id, int) and self.organisation.store.exists("monitor", monitor_id)

    def _found(self, request: Request) -> Payload:
        record = self.organisation.store.find(TYPE, request.path_params["slo_id"])
        if record is None:
            raise self._unknown(request)
        found: Payload = msgspec.json.decode(record.body)
        return found

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
    return record_of(payload) if is_whole and payload["type"] in TYPE_IDS else None


def record_of(slo: Payload) -> Record:
    monitors = (Reference("monitor", part, "slos") for part in slo.get("monitor_ids") or ())
    return Record(TYPE, slo["id"], encode(slo), tags=tuple(slo["tags"]), references=tuple(monitors))
