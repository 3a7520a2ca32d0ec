"""Downtimes: /api/v2/downtime, in JSON:API bodies. Written from recorded exchanges of 2023 and reports of 2026."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from generator.localdog.downtime_rules import rejection
from generator.localdog.downtime_times import current_downtime, moment_of, parsed, status_of, written_moment
from generator.localdog.organisation import Json, Organisation, Payload, timestamp
from generator.localdog.store import Page, Record
from generator.localdog.wire import answer, body_object, encode, rejected, whole_number

TYPE = "downtime"
DEFAULT_LIMIT = 30
KEPT_CANCELED = timedelta(days=2)
DEFAULTS: Payload = {
    "display_timezone": "UTC", "message": None, "mute_first_recovery_notification": False,
    "notify_end_states": ["alert", "no data", "warn"], "notify_end_types": ["expired"],
}  # fmt: skip
WRITABLE = (*DEFAULTS, "monitor_identifier", "schedule", "scope")


def routes(organisation: Organisation) -> list[Route]:
    downtimes = Downtimes(organisation)
    one = "/api/v2/downtime/{downtime_id}"
    return [
        Route("/api/v2/downtime", downtimes.list, methods=["GET"]),
        Route("/api/v2/downtime", downtimes.create, methods=["POST"]),
        Route(one, downtimes.read, methods=["GET"]),
        Route(one, downtimes.update, methods=["PATCH"]),
        Route(one, downtimes.cancel, methods=["DELETE"]),
        Route("/api/v2/monitor/{monitor_id}/downtime_matches", downtimes.matches, methods=["GET"]),
    ]


@dataclass(frozen=True)
class Downtimes:
    organisation: Organisation

    async def create(self, request: Request) -> Response:
        sent = attributes_of(await body_object(request))
        now, store = self.organisation.now(), self.organisation.store
        with store.transaction():
            self._judge(sent, before=None, now=now)
            attributes = {**DEFAULTS, "scope": "*", **without_null_defaults(sent), "canceled": None}
            attributes["schedule"] = completed(sent.get("schedule"), now)
            twins = [found["id"] for found in self._open(now) if definition(found) == definition(attributes)]
            if twins:
                raise rejected(
                    f"The downtime being created is a duplicate of one or more existing downtimes: {twins!r}"
                )
            stamp = timestamp(now)
            downtime = {**attributes, "id": self._new_id(), "created": stamp, "modified": stamp}
            store.put(record_of(downtime))
        return answer(self._related(self._shown(downtime, now)))

    async def update(self, request: Request) -> Response:
        sent = attributes_of(await body_object(request))
        now, store = self.organisation.now(), self.organisation.store
        with store.transaction():
            before = self._found(request)
            self._judge(sent, before=before, now=now)
            changed = {**before, **without_null_defaults(sent), "modified": timestamp(now)}
            if sent.get("schedule") is not None:
                changed["schedule"] = completed(sent["schedule"], now)
            store.put(record_of(changed))
        return answer(self._related(self._shown(changed, now)))

    async def read(self, request: Request) -> Response:
        shown = self._shown(self._found(request), self.organisation.now())
        asked = "include" in request.query_params
        return answer(self._related(shown) if asked else {"data": shown})

    async def list(self, request: Request) -> Response:
        now, store = self.organisation.now(), self.organisation.store
        limit, skip = (
            whole_number(request, "page[limit]", lowest=1) or DEFAULT_LIMIT,
            whole_number(request, "page[offset]"),
        )
        found = (msgspec.json.decode(body) for body in store.bodies(TYPE, page=Page()))
        whole = [self._shown(each, now) for each in found if is_kept(each, now)]
        if request.query_params.get("current_only") == "true":
            whole = [found for found in whole if found["attributes"]["status"] == "active"]
        page = whole[skip or 0 : (skip or 0) + limit]
        return answer({"data": page, "meta": {"page": {"total_filtered_count": len(whole)}}})

    async def cancel(self, request: Request) -> Response:
        """A second time is answered like the first: recorded."""
        store = self.organisation.store
        with store.transaction():
            found = self._found(request)
            if found["canceled"] is None:
                store.put(record_of({**found, "canceled": timestamp(self.organisation.now())}))
        return Response(status_code=204, media_type="text/html")

    async def matches(self, request: Request) -> Response:
        text, now = request.path_params["monitor_id"], self.organisation.now()
        number = int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else -1
        record = self.organisation.store.find("monitor", number)
        if record is None:
            raise rejected(f"Monitor with id {text[:40]} not found", 404)
        tags = set(msgspec.json.decode(record.body)["tags"])
        found = [each for each in self._open(now) if names_monitor(each["monitor_identifier"], number, tags)]
        data = [matched(each, now) for each in found if status_of(each, now) == "active"]
        return answer({"data": data, "meta": {"page": {"total_filtered_count": len(data)}}})

    def _judge(self, sent: Payload, *, before: Payload | None, now: datetime) -> None:
        problem = rejection(sent, before=before, now=now)
        identifier = sent.get("monitor_identifier") or {}
        if problem is None and "monitor_id" in identifier and not self._sees(identifier["monitor_id"]):
            problem = f"Monitor with id {identifier['monitor_id']} not found"
        if problem is not None:
            raise rejected(problem)

    def _sees(self, monitor_id: Json) -> bool:
        return self.organisation.store.exists("monitor", monitor_id)

    def _open(self, now: datetime) -> Iterator[Payload]:
        for body in self.organisation.store.bodies(TYPE):
            downtime = msgspec.json.decode(body)
            if status_of(downtime, now) in ("active", "scheduled"):
                yield downtime

    def _found(self, request: Request) -> Payload:
        record = self.organisation.store.find(TYPE, request.path_params["downtime_id"])
        found: Payload | None = None if record is None else msgspec.json.decode(record.body)
        if found is None or not is_kept(found, self.organisation.now()):
            raise rejected("Downtime not found", 404)
        return found

    def _new_id(self) -> str:
        number = self.organisation.store.next_number(TYPE)
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self.organisation.org_id} {number}"))

    def _related(self, shown: Payload) -> Payload:
        """Who made it and what it mutes: recorded with writes, and documented with reads that ask to include it."""
        organisation = self.organisation
        user_id = str(uuid.uuid5(uuid.NAMESPACE_OID, organisation.user["handle"]))
        user = {name: organisation.user[name] for name in ("name", "handle", "email")}
        monitor_id = shown["attributes"]["monitor_identifier"].get("monitor_id")
        monitor = None if monitor_id is None else {"type": "monitors", "id": str(monitor_id)}
        record = None if monitor_id is None else organisation.store.find("monitor", monitor_id)
        included: list[Payload] = [{"type": "users", "id": user_id, "attributes": user}]
        if monitor is not None and record is not None:
            name = msgspec.json.decode(record.body)["name"]
            included.append({**monitor, "attributes": {"name": name}})
        made_by = {"data": {"type": "users", "id": user_id}}
        return {"data": {**shown, "relationships": {"monitor": {"data": monitor}, "created_by": made_by}},
                "included": included}  # fmt: skip

    def _shown(self, downtime: Payload, now: datetime) -> Payload:
        attributes = {name: value for name, value in downtime.items() if name != "id"}
        schedule = downtime["schedule"]
        if schedule.get("recurrences"):
            schedule = {**schedule, "current_downtime": current_downtime(schedule, now)}
        return {
            "type": TYPE,
            "id": downtime["id"],
            "attributes": {**attributes, "schedule": schedule, "status": status_of(downtime, now)},
        }


def is_kept(downtime: Payload, now: datetime) -> bool:
    """Documented: what was canceled is kept for about two days."""
    canceled = parsed(downtime["canceled"])
    return canceled is None or now - canceled < KEPT_CANCELED


def attributes_of(body: Payload) -> Payload:
    """What the body's one resource says; the words of these refusals are not known."""
    data = body.get("data")
    if not isinstance(data, dict) or data.get("type") != TYPE or not isinstance(data.get("attributes"), dict):
        raise rejected("API input validation failed: 'data' of type 'downtime' with 'attributes' is required")
    return {name: value for name, value in data["attributes"].items() if name in WRITABLE}


def without_null_defaults(sent: Payload) -> Payload:
    return {name: value for name, value in sent.items() if value is not None or name == "message"}


def completed(schedule: Json, now: datetime) -> Payload:
    """A start that is not given is the instant of the request."""
    if schedule is None or "recurrences" not in schedule:
        given = schedule or {}
        start, end = given.get("start"), given.get("end")
        return {
            "start": timestamp(now) if start is None else written_moment(start),
            "end": None if end is None else written_moment(end),
        }
    where = schedule.get("timezone") or "UTC"
    begin = moment_of(now, where)
    recurrences = [{**each, "start": each.get("start") or begin} for each in schedule["recurrences"]]
    return {"timezone": where, "recurrences": recurrences}


def definition(downtime: Payload) -> Payload:
    """Two downtimes are duplicates when these parts are equal."""
    return {name: downtime.get(name) for name in WRITABLE}


def names_monitor(identifier: Payload, monitor_id: int, tags: set[str]) -> bool:
    if "monitor_id" in identifier:
        return bool(identifier["monitor_id"] == monitor_id)
    wanted = set(identifier.get("monitor_tags") or ())
    return wanted == {"*"} or wanted <= tags


def matched(downtime: Payload, now: datetime) -> Payload:
    schedule = downtime["schedule"]
    current: Payload = (current_downtime(schedule, now) if schedule.get("recurrences") else schedule) or {}
    attributes = {"start": current.get("start"), "end": current.get("end"), "groups": [], "scope": downtime["scope"]}
    return {"id": downtime["id"], "type": "downtime_match", "attributes": attributes}


def record_of(downtime: Payload) -> Record:
    return Record(TYPE, downtime["id"], encode(downtime))
