"""What rules see of the rendered resources: each monitor with its query as a tree."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator.query.nodes import Number, Opaque, Query
from generator.query.parser import GRAMMARS, parse_monitor
from generator.query.printer import print_query
from generator.query.problem import SyntaxProblem
from generator.render.model import Resource

METRIC_TYPES = frozenset({"metric alert", "query alert"})
"""Datadog's two names of a metric monitor; which of them it answers with depends on the query."""


@dataclass(frozen=True, slots=True)
class RenderedMonitor:
    """A monitor; fields that are not of Datadog's shape, as a raw monitor may have, count as absent.

    `tree` is Opaque where the query has a `problem`, and where its type is one whose queries nobody here can read.
    """

    resource: Resource
    type: str
    text: str
    tree: Query
    problem: SyntaxProblem | None
    options: Mapping[str, Any]

    def threshold(self, name: str) -> float | None:
        """A number of `options.thresholds`."""
        thresholds = self.options.get("thresholds")
        number = thresholds.get(name) if isinstance(thresholds, Mapping) else None
        return number if isinstance(number, int | float) and not isinstance(number, bool) else None

    def message(self) -> str:
        return _text(self.resource.payload.get("message"))


@dataclass(frozen=True, slots=True)
class Repository:
    """All that is rendered, the monitors among it also with their queries."""

    resources: tuple[Resource, ...]
    monitors: tuple[RenderedMonitor, ...]


def repository(resources: tuple[Resource, ...]) -> Repository:
    return Repository(resources, tuple(_monitor(each) for each in resources if each.resource == "monitor"))


def _monitor(resource: Resource) -> RenderedMonitor:
    payload = resource.payload
    monitor_type, text = _text(payload.get("type")), _text(payload.get("query"))
    options = payload.get("options")
    parsed = _parsed(monitor_type, text)
    return RenderedMonitor(
        resource=resource,
        type=monitor_type,
        text=text,
        tree=Opaque(text) if isinstance(parsed, SyntaxProblem) else parsed,
        problem=parsed if isinstance(parsed, SyntaxProblem) else None,
        options=options if isinstance(options, Mapping) else {},
    )


@functools.lru_cache(maxsize=65_536)
def _parsed(monitor_type: str, text: str) -> Query | SyntaxProblem:
    return parse_monitor(monitor_type, text) if monitor_type in GRAMMARS else Opaque(text)


def number_text(number: float) -> str:
    """A number as a query writes it."""
    return print_query(Number(number))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
