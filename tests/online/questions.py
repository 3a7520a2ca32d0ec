"""Plans against a local Datadog, and asks about what would change."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from generator.datadog.client import Datadog
from generator.online.accepted import Accepted
from generator.online.asking import Asked, Extent, ask
from generator.plan.model import Plan
from generator.plan.options import PlanOptions
from generator.plan.planner import plan
from generator.render.model import Resource
from generator.resources.types import resource_types
from tests.localdog.client import Client

KEY = "0123456789abcdef0123456789abcdef"
NOW = datetime.now(UTC).replace(microsecond=0)


class FastClock:
    """Real time, with sleeps that are skipped."""

    def __init__(self) -> None:
        self.skipped = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.skipped

    def sleep(self, seconds: float) -> None:
        self.skipped += seconds


@dataclass
class Asking:
    """Plans resources against the server and asks about what would change."""

    server: Client
    client: Datadog
    clock: FastClock
    folder: Path
    now: datetime = NOW
    target: str = "here"
    last: list[Plan] = field(default_factory=list)

    def plan(self, *resources: Resource) -> Plan:
        live = {name: self.client.live(each) for name, each in resource_types().items()}
        return plan(resources, live, PlanOptions(workspace="main"))

    def about(self, *resources: Resource, at_most: int = 100, probe: bool = False) -> Asked:
        made = self.plan(*resources)
        accepted = Accepted(self.folder, self.target, self.now)
        self.server("DELETE", "/_toban/requests")
        return ask(
            self.client, made, resources, extent=Extent(at_most, probe), accepted=accepted, now=self.now,
            clock=self.clock,
        )  # fmt: skip

    def requests(self, part: str) -> list[str]:
        """Method and path of the requests of the last questions whose path has the part."""
        told = self.server("GET", "/_toban/requests").body["requests"]
        return sorted(f"{each['method']} {each['path']}" for each in told if part in each["path"])

    def goes_wrong(self, **when_and_do: Any) -> None:
        assert self.server("PUT", "/_toban/faults", {"faults": [when_and_do]}).status == 200

    def sends(self, metric: str, *tags: str, days_ago: float = 1) -> None:
        at = int(self.now.timestamp() - days_ago * 86_400)
        series = {"metric": metric, "points": [[at, 1]], "tags": list(tags), "type": "gauge"}
        assert self.server("POST", "/api/v1/series", {"series": [series]}).status == 202
