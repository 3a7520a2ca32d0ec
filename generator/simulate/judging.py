"""What each evaluation of each group found: its value, whether there was a point at all, and the flags of both."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
from msgspec import Struct, structs
from numpy.typing import NDArray

from generator.query.inspection import calls
from generator.query.nodes import Binary, Call, Expression, Number, Unary
from generator.simulate.across_groups import combines_groups
from generator.simulate.conditions import NO_DATA, SKIPPED, UNKNOWN, Flags, flags
from generator.simulate.expression import DEFAULTS
from generator.simulate.gap import zero_without_data
from generator.simulate.history import Group, Times, Values
from generator.simulate.monitor import Monitor
from generator.simulate.settings import Settings
from generator.simulate.shifts import is_shift
from generator.simulate.timeline import UNSEEN, Standing
from generator.simulate.windowed import Reduction

_FORGOTTEN_AFTER = 86_400
_NEVER = -(1 << 40)
Truths = NDArray[np.bool_]


class Seen(Struct, frozen=True):
    """Shape (rows, evaluations) each; NaN where there is no value.

    `was_read` is whether a metric had a point, whatever `default_zero()` puts where there is none.
    """

    values: Values
    was_read: Truths
    flags: Flags


def evaluated(read: Monitor, reduction: Reduction, rows: Sequence[Group]) -> Seen:
    shape = (len(rows), len(reduction.windows.moments))
    settings = reduction.calculation.around.settings
    totals_first = read.totals_first and not (read.mixes_counts and settings.mixed_counts == "points")
    if totals_first or (read.is_formula and settings.formulas == "queries_first"):
        absent = 0.0 if totals_first else np.nan
        values = reduction.totals(read.expression, rows, read.function, absent=absent)
        has_point = reduction.any_point(read.expression, rows)
    else:
        values = reduction.values(read.expression, rows, read.function)
        has_point = np.ones((1, 1), np.bool_) if np.isfinite(values.sum()) else np.isfinite(values)
    was_read = has_point
    if any(each.name in DEFAULTS for each in calls(read.expression)):
        was_read = _was_read(read, reduction, rows)
        if settings.default_zero_alone == "nothing":
            has_point = has_point & was_read
            values = np.where(has_point, values, np.nan)
    values, found = _judged(read, settings, values, has_point)
    if read.full_window:
        full = _is_full(read, settings, reduction, rows)
        found = np.where(full | ~has_point, found, np.uint8(SKIPPED))
    return Seen(
        np.broadcast_to(values, shape),
        np.broadcast_to(was_read, shape),
        np.broadcast_to(found, shape),
    )


def _was_read(read: Monitor, reduction: Reduction, rows: Sequence[Group]) -> Truths:
    """A group is there when any metric that is grouped has a point of it."""
    keys = reduction.calculation.keys
    parts = [each for each in _metrics(read.expression) if keys(each) == keys(read.expression)]
    return functools.reduce(np.logical_or, (reduction.any_point(each, rows) for each in parts))


def _is_full(read: Monitor, settings: Settings, reduction: Reduction, rows: Sequence[Group]) -> Truths:
    if settings.full_window_of == "result":
        return reduction.is_full(read.expression, rows)
    full = [reduction.is_full(each, rows) for each in _metrics(read.expression)]
    return functools.reduce(np.logical_and, full)


def _metrics(node: Expression) -> tuple[Expression, ...]:
    """The metrics at the time they are read for, without what functions put in place of missing points."""
    if isinstance(node, Binary):
        return _metrics(node.left) + _metrics(node.right)
    if isinstance(node, Unary):
        return _metrics(node.operand)
    if isinstance(node, Call) and is_shift(node):
        return tuple(structs.replace(node, args=(each, *node.args[1:])) for each in _metrics(node.args[0]))
    if isinstance(node, Call) and combines_groups(node):
        return tuple(structs.replace(node, args=(each, *node.args[1:])) for each in _metrics(node.args[0]))
    if isinstance(node, Call):
        return _metrics(node.args[0])
    return () if isinstance(node, Number) else (node,)


def joined(parts: Sequence[Seen]) -> Seen:
    """Parts that follow each other in time."""
    whole = (np.concatenate([getattr(part, name) for part in parts], axis=-1) for name in Seen.__struct_fields__)
    return Seen(*whole)


class Acquaintance(Struct, frozen=True):
    """At each evaluation of a group: whether Datadog knew it, and when it last was new. `end` is what is left of it."""

    known: Truths
    appeared_at: Times
    end: dict[str, int | None]


def acquaintance(moments: Times, was_read: Truths, begin: Standing | None) -> Acquaintance:
    """A group is known from its first point on until it had none for a day, which begins when the query returns none
    (https://docs.datadoghq.com/monitors/configuration/#group-retention-time).

    Without a `begin` nothing is known of what was before: a group with a point at the first moment was there already.
    """
    stood = begin or UNSEEN
    places = np.arange(len(moments))
    last = np.maximum.accumulate(np.where(was_read, places, -1))
    missed_before = moments[0] if stood.missed_at is None else stood.missed_at
    missed_at = np.where(last < 0, missed_before, moments[np.minimum(last + 1, len(moments) - 1)])
    was_seen = (last >= 0) | (stood.seen_at is not None)
    known = was_read | (was_seen & (moments - missed_at < _FORGOTTEN_AFTER))
    before = np.concatenate([[_was_known(stood) or (begin is None and bool(was_read[0]))], known[:-1]])
    appeared_before = _NEVER if stood.appeared_at is None else stood.appeared_at
    appeared_at = np.maximum.accumulate(np.where(was_read & ~before, moments, appeared_before))
    end = {
        "seen_at": stood.seen_at if last[-1] < 0 else int(moments[last[-1]]),
        "missed_at": None if was_read[-1] or not was_seen[-1] else int(missed_at[-1]),
        "appeared_at": None if appeared_at[-1] == _NEVER else int(appeared_at[-1]),
    }
    return Acquaintance(known, appeared_at, end)


def _was_known(stood: Standing) -> bool:
    if stood.seen_at is None:
        return False
    return stood.missed_at is None or stood.at is None or stood.at - stood.missed_at < _FORGOTTEN_AFTER


def without_unknown(read: Monitor, settings: Settings, moments: Times, found: Flags, known: Acquaintance) -> Flags:
    """One group's flags, without evaluations at which Datadog did not know it, or knew it too short a time
    (https://docs.datadoghq.com/monitors/configuration/#new-group-delay).

    A schedule of its own comes too rarely to wait for its next turn.
    """
    delay = settings.new_group_delay if read.new_group_delay is None else read.new_group_delay
    if read.custom_schedule is None:
        found = np.where(moments - known.appeared_at < delay, np.uint8(SKIPPED), found)
    return np.where(known.known, found, np.uint8(UNKNOWN))


def _judged(read: Monitor, settings: Settings, values: Values, has_point: Truths) -> tuple[Values, Flags]:
    if has_point.all() and np.isfinite(values.sum()):
        return values, flags(read, values)
    if zero_without_data(read, settings):
        values = np.where(has_point, values, 0.0)
        has_point = np.ones_like(has_point)
    found = np.where(np.isfinite(values), flags(read, values), np.uint8(SKIPPED))
    return values, np.where(has_point, found, np.uint8(NO_DATA))
