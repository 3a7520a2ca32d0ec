"""A monitor as a request describes it, before the server has judged or completed it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from generator.localdog.organisation import Json, Payload
from generator.localdog.queries import Reading, read

WRITABLE = (
    "type", "query", "name", "message", "tags", "options", "priority",
    "restricted_roles", "draft_status", "assets",
)  # fmt: skip
THRESHOLDS = ("critical", "warning", "ok", "unknown", "critical_recovery", "warning_recovery")


class Sight(NamedTuple):
    """What a monitor's rules see of the rest: whether a composite may name these monitors, and an SLO's target."""

    monitors: Callable[[tuple[int, ...]], bool]
    slo_target: Callable[[str], float | None]


@dataclass(frozen=True)
class Draft:
    definition: Payload
    reading: Reading
    sight: Sight
    now_seconds: float

    @property
    def type(self) -> str:
        found: str = self.definition["type"]
        return found

    @property
    def options(self) -> Payload:
        return self.definition.get("options") or {}

    @property
    def thresholds(self) -> Payload:
        """The thresholds that are set; exports of old monitors hold other members beside them."""
        thresholds = self.options.get("thresholds") or {}
        return {status: thresholds[status] for status in THRESHOLDS if thresholds.get(status) is not None}

    def option(self, name: str) -> Json:
        return self.options.get(name)


def written_fields(sent: Payload) -> Payload:
    """Only what a client may write: an exported monitor sent back holds read-only fields, which are ignored."""
    return {field: sent[field] for field in WRITABLE if field in sent}


def draft(definition: Payload, sight: Sight, now_seconds: float) -> Draft:
    """Expect a definition whose shape has been judged: `type` and `query` are texts."""
    return Draft(definition, read(definition["type"], definition["query"].strip()), sight, now_seconds)
