"""Muting monitors by the old calls: /api/v1/monitor/{id}/mute and unmute, mute_all and unmute_all."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from generator.localdog.monitor_list import TYPE
from generator.localdog.organisation import Json, Organisation, Payload, timestamp
from generator.localdog.store import Record
from generator.localdog.wire import answer, body_object, encode, rejected

MUTED_ALL = "muted_all"
EVERYTHING = "*"
BEYOND_IDS = 2**63
FIRST_DOWNTIME_ID = 3_000_000_001

Silencing = Callable[[Payload, Payload], Payload]
"""From what is silenced of a monitor, and the monitor, to what shall be."""


def routes(organisation: Organisation) -> list[Route]:
    mutes = Mutes(organisation)
    one = "/api/v1/monitor/{monitor_id:int}"
    return [
        Route(f"{one}/mute", mutes.mute, methods=["POST"]),
        Route(f"{one}/unmute", mutes.unmute, methods=["POST"]),
        Route("/api/v1/monitor/mute_all", mutes.mute_all, methods=["POST"]),
        Route("/api/v1/monitor/unmute_all", mutes.unmute_all, methods=["POST"]),
    ]


@dataclass(frozen=True)
class Mutes:
    organisation: Organisation

    async def mute(self, request: Request) -> Response:
        sent = await self._sent(request)
        end = end_of(sent)
        return self._changed(request, lambda silenced, _: {**silenced, scope_of(sent): end})

    async def unmute(self, request: Request) -> Response:
        sent = await self._sent(request)

        def unmuted(silenced: Payload, monitor: Payload) -> Payload:
            if sent.get("all_scopes"):
                return {}
            if scope_of(sent) not in silenced:
                raise rejected(f'{monitor["type"]} "{monitor["name"]}" is already unmuted')
            return {scope: silenced[scope] for scope in silenced if scope != scope_of(sent)}

        return self._changed(request, unmuted)

    async def _sent(self, request: Request) -> Payload:
        """Old clients put the fields into the query string."""
        if request.headers.get("content-length", "0") == "0":
            return dict(request.query_params)
        return await body_object(request)

    def _changed(self, request: Request, silenced: Silencing) -> Response:
        store = self.organisation.store
        with store.transaction():
            monitor_id = request.path_params["monitor_id"]
            record = store.find(TYPE, monitor_id) if monitor_id < BEYOND_IDS else None
            if record is None:
                raise rejected("Monitor not found", 404)
            monitor: Payload = msgspec.json.decode(record.body)
            kept = silenced(monitor["options"].get("silenced") or {}, monitor)
            changed = {
                **monitor,
                "options": {**monitor["options"], "silenced": kept},
                "modified": timestamp(self.organisation.now()),
            }
            store.rewrite(TYPE, record.id, encode(changed))
        return answer({name: value for name, value in changed.items() if name != "creator"})

    async def mute_all(self, _request: Request) -> Response:
        store, now = self.organisation.store, int(self.organisation.now().timestamp())
        with store.transaction():
            number = store.next_number(MUTED_ALL, first=FIRST_DOWNTIME_ID)
            store.put(Record(MUTED_ALL, 1, encode({"id": number})))
        return answer(self._downtime_of_all(number, now))

    async def unmute_all(self, _request: Request) -> Response:
        store = self.organisation.store
        with store.transaction():
            if not store.exists(MUTED_ALL, 1):
                raise rejected("Monitoring is not currently globally muted")
            store.delete(MUTED_ALL, 1)
        return Response(status_code=204)

    def _downtime_of_all(self, number: int, now: int) -> Payload:
        user = self.organisation.user["id"]
        nothing = dict.fromkeys(("monitor_id", "end", "canceled", "message", "recurrence", "parent_id", "child_id"))
        return {
            **nothing,
            "id": number, "org_id": self.organisation.org_id, "start": now, "created": now, "modified": now,
            "active": True, "disabled": False, "timezone": "UTC", "creator_id": user, "updater_id": None,
            "downtime_type": 0, "status": "active", "monitor_tags": ["*"], "mute_first_recovery_notification": False,
            "notify_end_types": ["expired"], "notify_end_states": ["alert", "no data", "warn"],
            "uuid": str(uuid.UUID(int=number)), "scope": ["*"],
        }  # fmt: skip


def end_of(sent: Payload) -> int | None:
    """Command lines send the number as a text."""
    end: Json = sent.get("end")
    if isinstance(end, str) and end.isascii() and end.isdigit() and len(end) <= 12:
        end = int(end)
    if end is not None and (not isinstance(end, int) or isinstance(end, bool)):
        raise rejected("The value provided for parameter 'end' is invalid")
    return end


def scope_of(sent: Payload) -> str:
    """No scope at all, an empty text and an empty list mean everything."""
    scope: Json = sent.get("scope")
    if isinstance(scope, list) and all(isinstance(part, str) for part in scope):
        scope = ",".join(scope)
    if scope is not None and not isinstance(scope, str):
        raise rejected("The value provided for parameter 'scope' is invalid")
    return scope or EVERYTHING
