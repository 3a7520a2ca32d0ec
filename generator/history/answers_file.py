"""Answers of the query API in a JSON file: one answer, a list of them, or one a line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from generator.history.answer import Unreadable, answered
from generator.history.asking import Ask, rollup_of
from generator.history.line import Line
from generator.history.points import UnreadableHistory
from generator.query.nodes import Expression, MetricQuery, QueryList, Rollup
from generator.query.parser import parse_dashboard_query
from generator.query.problem import SyntaxProblem

_HINT = "save what `GET /api/v1/query?from=…&to=…&query=…` answers, with its `query`"


class FiledAnswer(msgspec.Struct, frozen=True):
    """One group of an answer, and the query that it answers."""

    leaf: MetricQuery
    interval: int
    line: Line

    def fits(self, ask: Ask) -> bool:
        """Whether it answers the same query, whatever the length of the buckets."""
        return _without_rollup(self.leaf) == _without_rollup(ask.leaf) and self._has_method_of(ask)

    def _has_method_of(self, ask: Ask) -> bool:
        wanted, own = _asked_method(ask), rollup_of(self.leaf)
        return own is None or own.method is None or own.method == wanted


def filed_answers(path: Path) -> tuple[FiledAnswer, ...]:
    """The answers to single metrics; raises UnreadableHistory."""
    try:
        return tuple(answer for body in _bodies(path.read_bytes()) for answer in _of_body(body))
    except (Unreadable, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableHistory(f"`{path.name}` is no answer of the query API: {error}", _HINT) from error


def _bodies(content: bytes) -> list[Any]:
    try:
        found = msgspec.json.decode(content)
    except msgspec.DecodeError:
        found = msgspec.json.Decoder().decode_lines(content)
    bodies = found if isinstance(found, list) else [found]
    if not bodies:
        raise Unreadable("it is empty")
    return bodies


def _of_body(body: Any) -> Iterator[FiledAnswer]:
    series = answered(body)
    text = body.get("query")
    queries = _queries(text if isinstance(text, str) else "")
    for each in series:
        query = queries[each.query] if each.query < len(queries) else None
        if isinstance(query, MetricQuery):
            yield FiledAnswer(query, each.interval, each.line)


def _queries(text: str) -> tuple[Expression, ...]:
    found = parse_dashboard_query(text)
    if isinstance(found, SyntaxProblem):
        raise Unreadable(f"its `query` is `{text[:80]}`: {found.message}")
    queries = found.queries if isinstance(found, QueryList) else (found,)
    if not any(isinstance(each, MetricQuery) for each in queries):
        raise Unreadable(f"its `query` is `{text[:80]}`, which is more than a metric: ask for each metric alone")
    return queries


def _asked_method(ask: Ask) -> str | None:
    found = parse_dashboard_query(ask.text)
    rollup = rollup_of(found) if isinstance(found, MetricQuery) else None
    return None if rollup is None else rollup.method


def _without_rollup(leaf: MetricQuery) -> MetricQuery:
    kept = tuple(each for each in leaf.modifiers if not isinstance(each, Rollup))
    return replace(leaf, group_by=tuple(sorted(leaf.group_by)), modifiers=kept)
