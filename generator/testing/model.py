"""A test as it can be run: times as UNIX seconds, series with all their tags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from generator.finding import Finding
from generator.message.event import State
from generator.render.model import Resource
from generator.source.documents import Document, Place


class Given(Struct, frozen=True, kw_only=True):
    """One source's points by their time. `space` is how the query aggregates them, where only Datadog could."""

    metric: str
    points: tuple[tuple[int, float], ...]
    tags: frozenset[str]
    arrives: int
    is_count: bool
    space: str = ""


class Wanted(Struct, frozen=True, kw_only=True):
    """What must be so from `since` to before `until`; at a moment, which is a minute, the state is that at its end:
    at which of its seconds Datadog looks is not known.

    `group` are tags that the groups must have which are meant. `told` is empty where nobody is to be told.
    """

    place: Place
    since: int
    until: int
    is_moment: bool = False
    group: frozenset[str] = frozenset()
    state: State | None = None
    changes: tuple[tuple[int, State], ...] | None = None
    told: frozenset[str] | None = None
    message: str | None = None
    part: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedTest:
    """`since` and `until` are of the simulation; `parts` are the payloads that a composite monitor refers to,
    `downtimes` those of the whole project.
    """

    name: str
    document: Document
    resource: Resource
    day: date
    zone: ZoneInfo
    since: int
    until: int
    given: tuple[Given, ...]
    wanted: tuple[Wanted, ...]
    parts: Mapping[str, Mapping[str, Any]]
    downtimes: tuple[Mapping[str, Any], ...]

    @property
    def is_composite(self) -> bool:
        return self.resource.payload.get("type") == "composite"

    @property
    def path(self) -> str:
        return self.document.path

    def line(self, place: Place = ()) -> int:
        return self.document.line(place or ("tests", self.name))


@dataclass(frozen=True, slots=True)
class Suite:
    """The tests that can be run, and what is wrong with the others."""

    tests: tuple[PreparedTest, ...]
    findings: tuple[Finding, ...]
