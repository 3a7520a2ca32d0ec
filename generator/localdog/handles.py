"""Notification handles: which are mentioned in monitors. Datadog's browser and some tools ask for those that exist."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from generator.localdog.monitor_list import TYPE
from generator.localdog.organisation import Organisation, Payload
from generator.localdog.wire import answer
from generator.message.handles import handles


def routes(organisation: Organisation) -> list[Route]:
    return [Route("/api/v1/monitor/notifications", Notifications(organisation).known, methods=["GET"])]


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


def group_of(handle: str) -> str:
    if "@" in handle:
        return "users"
    return handle.partition("-")[0]


def mentioned(monitor: Payload) -> tuple[str, ...]:
    """The handles in a monitor's message, each once, without the sign."""
    return tuple(dict.fromkeys(handle.removeprefix("@") for handle in handles(monitor.get("message") or "")))
