"""What the evaluator has to know of a monitor before anything is computed: which metrics or monitors it looks at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from generator.localdog.queries import METRIC_TYPES, monitor_ids
from generator.query.inspection import metrics
from generator.query.nodes import CompositeQuery
from generator.query.parser import parse_dashboard_query, parse_monitor
from generator.query.problem import SyntaxProblem

OTHER_TYPE = "a monitor of this type: only metric monitors and composites are evaluated"


class Watched(msgspec.Struct, frozen=True):
    """A monitor as it is read. `refusal` says why it is not evaluated; empty where nothing speaks against it yet."""

    id: int
    payload: dict[str, Any]
    metrics: tuple[str, ...] = ()
    parts: tuple[int, ...] = ()
    refusal: str = ""

    @property
    def query(self) -> str:
        """What states hold for: with another query they begin anew."""
        found: str = self.payload["query"]
        return found

    @property
    def is_composite(self) -> bool:
        return bool(self.parts)


def watched(body: bytes) -> Watched:
    payload: dict[str, Any] = msgspec.json.decode(body)
    tree = parse_monitor(payload["type"], payload["query"])
    if isinstance(tree, SyntaxProblem):
        return Watched(payload["id"], payload, refusal=f"its query: {tree.message}")
    if isinstance(tree, CompositeQuery):
        return Watched(payload["id"], payload, parts=monitor_ids(tree))
    if payload["type"] not in METRIC_TYPES:
        return Watched(payload["id"], payload, refusal=OTHER_TYPE)
    found = tuple(dict.fromkeys((*metrics(tree), *_of_variables(payload["options"].get("variables")))))
    return Watched(payload["id"], payload, found)


def _of_variables(variables: Any) -> Iterator[str]:
    """The metrics of a formula's queries, which stand in the options."""
    for each in variables if isinstance(variables, list) else ():
        query = each.get("query") if isinstance(each, dict) else None
        tree = parse_dashboard_query(query) if isinstance(query, str) else None
        if tree is not None and not isinstance(tree, SyntaxProblem):
            yield from metrics(tree)
