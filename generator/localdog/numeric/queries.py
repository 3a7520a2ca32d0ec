"""Answers a metric query from stored series by the calculation that monitors are evaluated with.

What a query shows and a monitor leaves out are the groups of sources that lack a tag of the grouping: they are `N/A`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
from msgspec import structs

from generator.localdog.lines import MOST_POINTS, Line, Span
from generator.localdog.numeric.looking_back import expression_seconds_back
from generator.localdog.numeric.stored_history import StoredHistory
from generator.localdog.series_store import SeriesStore
from generator.localdog.unevaluated import NotEvaluated
from generator.query.inspection import calls, leaves, metrics
from generator.query.nodes import EVERYTHING, Binary, Call, Expression, MetricQuery, Name, Unary
from generator.simulate.expression import Calculation
from generator.simulate.grid import settled
from generator.simulate.history import History, Series
from generator.simulate.leaf import Leaf, leaf
from generator.simulate.reading import calculation
from generator.simulate.refusal import NotSimulated
from generator.simulate.scopes import matcher
from generator.simulate.settings import Settings

_NO_VALUE = "N/A"
_MOST_VALUES = 5_000_000


def lines(expression: Expression, named: Mapping[str, Expression], store: SeriesStore, span: Span) -> tuple[Line, ...]:
    """`named` are the queries that a formula's names stand for."""
    whole = _with_queries(expression, named)
    if not leaves(whole):
        raise NotEvaluated("a query without a metric")
    if isinstance(whole, Call) and whole.name == "cumsum" and whole.args:
        return tuple(_accumulated(line) for line in lines(whole.args[0], {}, store, span))
    try:
        with np.errstate(all="ignore"):
            return tuple(_lines(whole, store, span))
    except NotSimulated as error:
        raise NotEvaluated(f"this: {error.refusal.reason}") from error


def _with_queries(node: Expression, named: Mapping[str, Expression]) -> Expression:
    if isinstance(node, Name):
        if node.text not in named:
            raise NotEvaluated(f"`{node.text}`: no query of the request has this name")
        return _with_queries(named[node.text], {})
    if isinstance(node, Binary):
        left, right = _with_queries(node.left, named), _with_queries(node.right, named)
        return structs.replace(node, left=left, right=right)
    if isinstance(node, Unary):
        return structs.replace(node, operand=_with_queries(node.operand, named))
    if isinstance(node, Call):
        return structs.replace(node, args=tuple(_with_queries(each, named) for each in node.args))
    return node


def _lines(whole: Expression, store: SeriesStore, span: Span) -> Iterator[Line]:
    length, settings = span.end - span.first, Settings(bucket_seconds=span.step)
    around = calculation(whole, History(()), length, settings).around
    seconds, first = around.seconds, -(-span.first // around.seconds) * around.seconds
    starts = range(first, span.end, seconds)
    if len(starts) > MOST_POINTS:
        raise NotEvaluated(f"more than {MOST_POINTS} buckets; ask for a shorter time or a longer rollup")
    if not starts:
        return
    back = expression_seconds_back(whole, around)
    history = StoredHistory(store).of(metrics(whole), first - back, span.end - 1)
    found = _with_missing(calculation(whole, history, length, settings), whole, history)
    groups, memory = found.groups(whole), found.memory(whole)
    if len(groups) * (len(starts) + memory) > _MOST_VALUES:
        raise NotEvaluated(f"more than {_MOST_VALUES:,} values; ask for a shorter time, or for fewer groups")
    grid = settled(first - memory * seconds, len(starts) + memory, seconds)
    for group, row in zip(groups, found.values(whole, groups, grid.starts, grid) if groups else (), strict=False):
        numbers = zip(starts, row[memory:].tolist(), strict=True)
        present = {start: value for start, value in numbers if math.isfinite(value)}
        if present:
            yield Line(group, present, seconds)


def _with_missing(found: Calculation, whole: Expression, history: History) -> Calculation:
    """With the groups that monitors leave out, unless the query leaves them out too."""
    if any(each.name == "exclude_null" for each in calls(whole)):
        return found

    def read(leaves: dict[MetricQuery, Leaf], *, closes_alone: bool) -> dict[MetricQuery, Leaf]:
        return {
            each: leaf(
                structs.replace(each, scope=EVERYTHING),
                History(_sources(each, history)),
                seconds=found.around.seconds,
                settings=found.around.settings,
                closes_alone=closes_alone,
            )
            for each in leaves
        }

    return replace(
        found, leaves=read(found.leaves, closes_alone=False), defaulted=read(found.defaulted, closes_alone=True)
    )


def _sources(query: MetricQuery, history: History) -> Iterator[Series]:
    """Those that the query's scope matches, with a tag for each key of the grouping."""
    matches = matcher(query.scope)
    for each in history.of(query.metric):
        if matches(each.tags):
            missing = {f"{key}:{_NO_VALUE}" for key in query.group_by if each.tag_value(key) is None}
            yield replace(each, tags=each.tags | missing) if missing else each


def _accumulated(line: Line) -> Line:
    sums = np.cumsum(list(line.values.values())).tolist()
    return Line(line.group, dict(zip(line.values, sums, strict=True)), line.interval)
