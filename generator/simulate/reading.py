"""From an expression and a history to the calculation of both; what cannot be simulated ends here."""

from __future__ import annotations

import numpy as np

from generator.query.inspection import calls, leaves
from generator.query.nodes import Call, Expression, MetricQuery
from generator.simulate import across_groups, shifts
from generator.simulate.expression import DEFAULTS, Calculation
from generator.simulate.functions import Surroundings, implementation
from generator.simulate.history import History
from generator.simulate.leaf import leaf, rollup_seconds
from generator.simulate.refusal import NotSimulated
from generator.simulate.settings import Settings, evaluation_seconds

_SOME_TIME = 1_700_000_000
_LONGEST_MEMORY = 5_000_000


def calculation(node: Expression, history: History, window_seconds: int, settings: Settings) -> Calculation:
    """What computes the expression from the history, whatever the history holds."""
    seconds = _bucket_seconds(node, settings) or evaluation_seconds(window_seconds)
    around = Surroundings(seconds, max(1, window_seconds // seconds), settings)
    for each in calls(node):
        _check(each, around)
    found = Calculation(
        {each: leaf(each, history, seconds=seconds, settings=settings) for each in leaves(node)},
        {
            each: leaf(each, history, seconds=seconds, settings=settings, closes_alone=True)
            for call in calls(node)
            if call.name in DEFAULTS
            for each in leaves(call)
        },
        around,
    )
    found.keys(node)
    _check_sources(found, node)
    if found.memory(node) > _LONGEST_MEMORY:
        raise NotSimulated(f"points of more than {_LONGEST_MEMORY:,} buckets before its window", node)
    return found


def _bucket_seconds(node: Expression, settings: Settings) -> int | None:
    """A query without a rollup takes the buckets of the one it is combined with."""
    asked = {wanted for each in leaves(node) if (wanted := rollup_seconds(each)) is not None}
    if len(asked) > 1:
        raise NotSimulated("rollups of different lengths in one expression: which points pair up is not documented")
    return asked.pop() if asked else settings.bucket_seconds


def _check(call: Call, around: Surroundings) -> None:
    if not call.args:
        raise NotSimulated(f"`{call.name}` without a query", call)
    if shifts.is_shift(call):
        shifts.read_at(call, np.array([_SOME_TIME]), around.settings)
        if call.name != "calendar_shift" and shifts.fixed_seconds(call) % around.seconds:
            _check_unaligned(call, around)
    elif across_groups.combines_groups(call) or across_groups.ranks_groups(call):
        across_groups.check(call)
    else:
        row = implementation(call)
        row.memory(call, around)
        row.compute(call, np.zeros((1, 1)), around)


def _check_unaligned(call: Call, around: Surroundings) -> None:
    if around.settings.unaligned_shift == "refused":
        reason = f"a shift that is no multiple of the {around.seconds} s of a bucket: what pairs up is unknown"
        raise NotSimulated(reason, call)


def _check_sources(found: Calculation, node: Expression) -> None:
    """What is computed of each source takes the metric itself: arithmetic has no sources any more."""
    for call in calls(node):
        if not across_groups.combines_groups(call) and call.name not in shifts.SHIFTS and _is_by_source(call):
            several = [each for each in leaves(call) if not found.leaves[each].is_of_single_sources]
            if several and not isinstance(_without_shifts(call.args[0]), MetricQuery):
                raise NotSimulated(f"`{call.name}` of a calculation with several sources", call)


def _is_by_source(call: Call) -> bool:
    return not across_groups.ranks_groups(call) and implementation(call).by_source


def _without_shifts(node: Expression) -> Expression:
    while isinstance(node, Call) and shifts.is_shift(node):
        node = node.args[0]
    return node
