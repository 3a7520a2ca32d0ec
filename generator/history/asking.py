"""What a monitor's query needs of the past: a query for each of its metrics, and between which times."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from generator.query.nodes import (
    AsCount,
    AsRate,
    Binary,
    Call,
    Expression,
    Fill,
    MetricQuery,
    Modifier,
    MonitorQuery,
    Rollup,
    Unary,
)
from generator.query.parser import parse_metric_monitor
from generator.query.printer import print_query
from generator.simulate import moments, shifts
from generator.simulate.evaluating import simulate
from generator.simulate.functions import IMPLEMENTATIONS, Surroundings
from generator.simulate.history import History
from generator.simulate.leaf import rollup_seconds
from generator.simulate.monitor import METRIC_TYPES, monitor
from generator.simulate.refusal import Refusal
from generator.simulate.settings import DEFAULT, Settings, evaluation_seconds

_FILL_SECONDS = 300
_SHORTEST_MARGIN, _LONGEST_MARGIN = 30, 250
"""In buckets. A line between two points that are further apart may differ at the edge of a chunk."""
_DAY = 86_400
_LINEAR_SPACES = ("avg", "sum")
_KEPT_SPACES = ("sum", "count", "min", "max")
Interpolation = Literal["datadog", "none"]


class Ask(Struct, frozen=True, kw_only=True):
    """A metric of a monitor's query, asked as `text` in buckets of `seconds`, from `first` until before `end`.

    Buckets so many seconds apart as `margin` may depend on each other: gaps are closed from both sides.
    """

    leaf: MetricQuery
    text: str
    seconds: int
    first: int
    end: int
    margin: int


class Asks(Struct, frozen=True):
    """What to ask, and the payload that reads each answer under the name of a metric of its own."""

    payload: dict[str, Any]
    names: Mapping[MetricQuery, str]
    asks: tuple[Ask, ...]
    notes: tuple[str, ...] = ()


def asks(
    payload: Mapping[str, Any], *, since: int, until: int, interpolation: Interpolation, settings: Settings = DEFAULT
) -> Asks | Refusal:
    """What the evaluations of a metric monitor from `since` to `until` read.

    Where the query says nothing of it, `interpolation` is whether Datadog closes gaps between sources as it does for
    graphs, and buckets are as long as the settings' `bucket_seconds`.
    """
    query = parse_metric_monitor(str(payload.get("query") or ""))
    if str(payload.get("type")) not in METRIC_TYPES or not isinstance(query, MonitorQuery):
        return refusal(payload, since, settings) or Refusal("its query cannot be read")
    names = {each: f"toban.answer_{number}" for number, each in enumerate(dict.fromkeys(_leaves(query.expression)))}
    standing = {**payload, "query": print_query(replace(query, expression=_replaced(query.expression, names)))}
    refused = refusal(standing, since, settings)
    if refused is not None:
        return refused
    read = monitor(payload)
    longest = moments.longest_window(read)
    asked = next((wanted for each in names if (wanted := rollup_seconds(each))), None)
    seconds = asked or settings.bucket_seconds or evaluation_seconds(longest)
    around = Surroundings(seconds, max(1, longest // seconds), settings)
    before: dict[MetricQuery, int] = {}
    for each, seconds_before in _looks_back(read.expression, 0, around):
        before[each] = max(before.get(each, 0), seconds_before)
    refused = next(_of_single_sources(read.expression), None)
    if refused is not None:
        return refused
    start = since - read.delay - longest
    found = tuple(_ask(each, seconds, (start - before[each], until), interpolation=interpolation) for each in before)
    return Asks(standing, names, found, tuple(_notes(read.expression)))


def refusal(payload: Mapping[str, Any], at: int, settings: Settings) -> Refusal | None:
    """Why the monitor cannot be simulated, whatever its history: found without one."""
    found = simulate(payload, History(()), since=at, until=at, settings=settings)
    return found if isinstance(found, Refusal) else None


def _ask(leaf: MetricQuery, seconds: int, span: tuple[int, int], *, interpolation: Interpolation) -> Ask:
    fills = [each for each in leaf.modifiers if isinstance(each, Fill)]
    if interpolation == "none" and not fills:
        fills = [Fill("null")]
    limit = max((each.limit_seconds or _FILL_SECONDS for each in fills), default=_FILL_SECONDS)
    text = print_query(replace(leaf, modifiers=(*_rolled_up(leaf, seconds), *fills)))
    first, until = span
    return Ask(
        leaf=leaf,
        text=text,
        seconds=seconds,
        first=first // seconds * seconds,
        end=(until // seconds + 1) * seconds,
        margin=min(max(-(-limit // seconds) + 1, _SHORTEST_MARGIN), _LONGEST_MARGIN) * seconds,
    )


def _rolled_up(leaf: MetricQuery, seconds: int) -> Iterator[Modifier]:
    """Its modifiers but fills, with a rollup that names its method and its seconds."""
    sums = any(isinstance(each, AsCount | AsRate) for each in leaf.modifiers)
    own = next((each for each in leaf.modifiers if isinstance(each, Rollup)), Rollup())
    yield from (each for each in leaf.modifiers if not isinstance(each, Rollup | Fill))
    yield Rollup(own.method or ("sum" if sums else "avg"), seconds)


def _replaced(node: Expression, names: Mapping[MetricQuery, str]) -> Expression:
    """The tree with answers for its metrics: what Datadog has done already is done no more."""
    if isinstance(node, MetricQuery):
        kept = tuple(each for each in node.modifiers if isinstance(each, AsCount | AsRate))
        own = rollup_of(node)
        rollup = () if own is None or own.interval is None else (Rollup("avg", own.interval),)
        return MetricQuery(names[node], answer_space(node), group_by=node.group_by, modifiers=(*kept, *rollup))
    if isinstance(node, Call):
        return replace(node, args=tuple(_replaced(each, names) for each in node.args))
    if isinstance(node, Binary):
        return replace(node, left=_replaced(node.left, names), right=_replaced(node.right, names))
    return replace(node, operand=_replaced(node.operand, names)) if isinstance(node, Unary) else node


def answer_space(leaf: MetricQuery) -> str:
    """The space aggregation by which an answer is read: sums and counts without points are judged as 0."""
    return leaf.space if isinstance(leaf.space, str) and leaf.space in _KEPT_SPACES else "avg"


def rollup_of(leaf: MetricQuery) -> Rollup | None:
    return next((each for each in leaf.modifiers if isinstance(each, Rollup)), None)


def _parts(node: Expression) -> tuple[Expression, ...]:
    if isinstance(node, Binary):
        return node.left, node.right
    if isinstance(node, Unary):
        return (node.operand,)
    return node.args if isinstance(node, Call) else ()


def _leaves(node: Expression) -> Iterator[MetricQuery]:
    if isinstance(node, MetricQuery):
        yield node
    for part in _parts(node):
        yield from _leaves(part)


def _looks_back(node: Expression, before: int, around: Surroundings) -> Iterator[tuple[MetricQuery, int]]:
    """How many seconds before a window each metric is read."""
    if isinstance(node, MetricQuery):
        yield node, before
    if isinstance(node, Call) and shifts.is_shift(node):
        back = -shifts.fixed_seconds(node)
        # Months are up to three days longer than the shortest, and the clocks change by an hour or two.
        before += back + (2 * 3600 + 3 * _DAY * (back // (27 * _DAY)) if node.name == "calendar_shift" else 0)
    elif isinstance(node, Call) and node.name in IMPLEMENTATIONS:
        before += IMPLEMENTATIONS[node.name].memory(node, around) * around.seconds
    for part in _parts(node):
        yield from _looks_back(part, before, around)


def _by_source(node: Expression) -> Iterator[tuple[Call, MetricQuery]]:
    """Functions that Datadog computes of each source, with the metrics inside."""
    if isinstance(node, Call) and node.name in IMPLEMENTATIONS and IMPLEMENTATIONS[node.name].by_source:
        yield from ((node, leaf) for leaf in _leaves(node))
    for part in _parts(node):
        yield from _by_source(part)


def _of_single_sources(node: Expression) -> Iterator[Refusal]:
    for call, leaf in _by_source(node):
        if leaf.space not in _LINEAR_SPACES:
            reason = (
                f"`{call.name}` is computed of each source, and an answer has them aggregated; use a file of points"
            )
            yield Refusal(reason, call.span)


def _notes(node: Expression) -> Iterator[str]:
    for name in dict.fromkeys(call.name for call, _ in _by_source(node)):
        yield f"`{name}` is computed of the aggregated answer; Datadog computes it of each source first"
