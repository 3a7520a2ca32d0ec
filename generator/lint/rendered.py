"""What rules see of the rendered resources: each monitor with its query as a tree."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from generator.explain.arrivals import Reading, reading
from generator.lint.shifting import LeafShifts, leaf_shifts
from generator.message.outline import Outline, outline
from generator.query.nodes import MonitorQuery, Number, Opaque, Query
from generator.query.parser import GRAMMARS, parse_monitor
from generator.query.printer import print_query
from generator.query.problem import SyntaxProblem
from generator.render.model import Rendering, Resource
from generator.resources.types import resource_types

WrittenOutline = tuple[tuple[str | int, ...], str, Outline]
"""A field of the payload, its text, and the outline of that."""
_MESSAGE = ("message",)
_NAME = ("name",)
_ESCALATION = ("options", "escalation_message")

METRIC_TYPES = frozenset({"metric alert", "query alert"})
"""Datadog's two names of a metric monitor; which of them it answers with depends on the query."""


@dataclass(frozen=True, slots=True)
class Around:
    """What the project says beside a file's resources: the `timezone` of local times, and how late metrics come."""

    timezone: str = ""
    arrival_seconds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class RenderedMonitor:
    """A monitor, equal to itself only; what is not of Datadog's shape, as raw ones may have it, counts as absent."""

    resource: Resource
    type: str
    text: str
    options: Mapping[str, Any]
    around: Around

    @functools.cached_property
    def tree(self) -> Query:
        """Opaque where the query has a `problem`, and where its type is one whose queries nobody here can read."""
        return Opaque(self.text) if isinstance(self._parsed, SyntaxProblem) else self._parsed

    @property
    def problem(self) -> SyntaxProblem | None:
        return self._parsed if isinstance(self._parsed, SyntaxProblem) else None

    @functools.cached_property
    def _parsed(self) -> Query | SyntaxProblem:
        return parse_monitor(self.type, self.text) if self.type in GRAMMARS else Opaque(self.text)

    @functools.cached_property
    def leaf_shifts(self) -> LeafShifts:
        """Each metric of a metric monitor with how far back it is read, in seconds."""
        return leaf_shifts(self.tree.expression) if isinstance(self.tree, MonitorQuery) else ()

    @functools.cached_property
    def reading(self) -> Reading | None:
        """When a metric monitor that counts events looks, and at which past; None for any other."""
        return reading({"query": self.text, "options": self.options})

    @functools.cached_property
    def outlines(self) -> tuple[WrittenOutline, ...]:
        """The message, the name and the escalation message where they have tags, as rules about messages see them."""
        payload, options = self.resource.payload, self.options
        return tuple(
            (field, text, outline(text))
            for field, text in (
                (_MESSAGE, payload.get("message")),
                (_NAME, payload.get("name")),
                (_ESCALATION, options.get("escalation_message")),
            )
            if isinstance(text, str) and "{{" in text
        )

    def threshold(self, name: str) -> float | None:
        """A number of `options.thresholds` that a query can hold."""
        return self._thresholds.get(name)

    @functools.cached_property
    def _thresholds(self) -> Mapping[str, float]:
        thresholds = self.options.get("thresholds")
        return {
            name: number
            for name, number in (thresholds.items() if isinstance(thresholds, Mapping) else ())
            if isinstance(number, int | float) and not isinstance(number, bool) and -math.inf < number < math.inf
        }

    def message(self) -> str:
        return _text(self.resource.payload.get("message"))

    def escalation(self) -> str:
        """What a renotification says in place of the message."""
        return _text(self.options.get("escalation_message"))

    def sent(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """The texts that are sent to handles, each with its field."""
        yield _MESSAGE, self.message()
        if self.escalation():
            yield _ESCALATION, self.escalation()


@dataclass(frozen=True)
class Repository:
    """All that is rendered, the monitors among it also with their queries."""

    resources: tuple[Resource, ...]
    arounds: Mapping[str, Around] = field(default_factory=dict)
    """By the path of files."""

    @functools.cached_property
    def monitors(self) -> tuple[RenderedMonitor, ...]:
        """Of 10,000 they take a while, which a rule need not spend that has nothing to judge."""
        alerting = {name for name, each in resource_types().items() if each.alerts}
        nowhere = Around()
        return tuple(
            _monitor(each, self.arounds.get(each.path, nowhere)) for each in self.resources if each.resource in alerting
        )


def arounds(rendering: Rendering) -> dict[str, Around]:
    return {path: Around(zone, rendering.arrival_seconds) for path, zone in rendering.timezones.items()}


def by_file(whole: Repository) -> Iterator[tuple[str, Repository]]:
    """The part of each file; a file's resources stand together."""
    for path, part in itertools.groupby(whole.resources, key=lambda each: each.path):
        yield path, Repository(tuple(part), whole.arounds)


def _monitor(resource: Resource, around: Around) -> RenderedMonitor:
    payload = resource.payload
    options = payload.get("options")
    return RenderedMonitor(
        resource=resource,
        type=_text(payload.get("type")),
        text=_text(payload.get("query")),
        options=options if isinstance(options, Mapping) else {},
        around=around,
    )


def key(resource: Resource) -> tuple[str, str]:
    """What names a resource among all: its type and its tracking id."""
    return resource.resource, resource.tracking_id


def number_text(number: float) -> str:
    """A number as a query writes it."""
    return print_query(Number(number))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
