"""Notification handles: those that exist, as told to this server, and those that monitors mention."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from generator.localdog.monitor_list import TYPE
from generator.localdog.organisation import Organisation, Payload
from generator.localdog.store import Record
from generator.localdog.wire import answer, body_object, encode, rejected
from generator.message.handles import handles

TOLD = "notification_handles"
OWN = "/_toban/handles"


def routes(organisation: Organisation) -> list[Route]:
    notifications = Notifications(organisation)
    return [
        Route("/api/v1/monitor/notifications", notifications.known, methods=["GET"]),
        Route("/api/v2/notifications/handles", notifications.existing, methods=["GET"]),
    ]


def own_routes(organisation: Organisation) -> list[Route]:
    return [Route(OWN, Notifications(organisation).tell, methods=["PUT"])]


def planted(_organisation: Organisation, payload: Payload) -> Record | None:
    """The handles that exist, from a file `{"handles": ["@slack-ops"]}`."""
    found = payload.get("handles")
    if payload.keys() != {"handles"} or not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        return None
    return Record(TOLD, "account", encode({"handles": found}))


@dataclass(frozen=True)
class Notifications:
    organisation: Organisation

    async def known(self, _request: Request) -> Response:
        """Kennel reads the values of all groups; the other members are not known."""
        groups: dict[str, dict[str, Payload]] = {}
        user = f"@{self.organisation.user['handle']}"
        groups["users"] = {user: {"name": user, "value": user}}
        for body in self.organisation.store.bodies(TYPE):
            for handle in mentioned(msgspec.json.decode(body)):
                found = groups.setdefault(group_of(handle), {})
                found[f"@{handle}"] = {"name": handle, "value": f"@{handle}"}
        return answer({"handles": {name: list(members.values()) for name, members in groups.items()}})

    async def existing(self, _request: Request) -> Response:
        """What Kennel reads of Datadog's answer; what monitors mention need not exist."""
        told = [each for body in self.organisation.store.bodies(TOLD) for each in msgspec.json.decode(body)["handles"]]
        groups: dict[str, list[Payload]] = {}
        for handle in dict.fromkeys((self.organisation.user["handle"], *told)):
            bare = handle.removeprefix("@")
            groups.setdefault(group_of(bare), []).append({"name": bare, "value": f"@{bare}"})
        return answer(
            {
                "data": [
                    {"id": name, "type": "notification_handles", "attributes": {"name": name, "handles": members}}
                    for name, members in groups.items()
                ]
            }
        )

    async def tell(self, request: Request) -> Response:
        record = planted(self.organisation, await body_object(request))
        if record is None:
            raise rejected('Handles are told as {"handles": ["@slack-ops"]}')
        with self.organisation.store.transaction():
            self.organisation.store.put(record)
        return answer({"status": "ok"})


def group_of(handle: str) -> str:
    if "@" in handle:
        return "users"
    return handle.partition("-")[0]


def mentioned(monitor: Payload) -> tuple[str, ...]:
    """The handles in a monitor's message, each once, without the sign."""
    return tuple(dict.fromkeys(handle.removeprefix("@") for handle in handles(monitor.get("message") or "")))
