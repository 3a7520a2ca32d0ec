"""What each evaluation of each group found: its value, whether there was a point at all, and the flags of both."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct, structs
from numpy.typing import NDArray

from generator.simulate.conditions import NO_DATA, SKIPPED, UNKNOWN, Flags, flags
from generator.simulate.history import Group, Times, Values
from generator.simulate.monitor import Monitor
from generator.simulate.settings import Settings
from generator.simulate.timeline import Standing
from generator.simulate.windowed import Reduction

_FORGOTTEN_AFTER = 86_400
_NEVER = -(1 << 40)
Truths = NDArray[np.bool_]


class Seen(Struct, frozen=True):
    """Shape (rows, evaluations) each; NaN where there is no value."""

    values: Values
    has_point: Truths
    flags: Flags


def evaluated(read: Monitor, reduction: Reduction, rows: Sequence[Group]) -> Seen:
    shape = (len(rows), len(reduction.windows.moments))
    if read.totals_first:
        values = reduction.totals(read.expression, rows, read.function)
        has_point = reduction.any_point(read.expression, rows)
    else:
        values = reduction.values(read.expression, rows, read.function)
        has_point = np.ones((1, 1), np.bool_) if np.isfinite(values.sum()) else np.isfinite(values)
    found = _flags(read, values, has_point)
    if read.full_window:
        full = reduction.is_full(read.expression, rows)
        found = np.where(full | ~has_point, found, np.uint8(SKIPPED))
    return Seen(np.broadcast_to(values, shape), np.broadcast_to(has_point, shape), np.broadcast_to(found, shape))


def joined(parts: Sequence[Seen]) -> Seen:
    """Parts that follow each other in time."""
    whole = (np.concatenate([getattr(part, name) for part in parts], axis=-1) for name in Seen.__struct_fields__)
    return Seen(*whole)


class Acquaintance(Struct, frozen=True):
    """At each evaluation of a group, when it last had a point and when it last was new."""

    seen_at: Times
    appeared_at: Times

    def kept(self, begin: Standing) -> Standing:
        return structs.replace(begin, seen_at=int(self.seen_at[-1]), appeared_at=int(self.appeared_at[-1]))


def acquaintance(moments: Times, has_point: Truths, begin: Standing | None) -> Acquaintance:
    """A group with a point at the first moment of all was known before; None where nothing came before."""
    seen_before, appeared_before = (moments[0] if has_point[0] else _NEVER), _NEVER
    if begin is not None:
        seen_before = _NEVER if begin.seen_at is None else begin.seen_at
        appeared_before = _NEVER if begin.appeared_at is None else begin.appeared_at
    seen_at = np.maximum.accumulate(np.where(has_point, moments, _NEVER))
    before = np.maximum(np.concatenate([[seen_before], seen_at[:-1]]), seen_before)
    appears = has_point & (moments - before > _FORGOTTEN_AFTER)
    appeared_at = np.maximum.accumulate(np.where(appears, moments, _NEVER))
    return Acquaintance(
        np.maximum(seen_at, seen_before if begin is not None else _NEVER), np.maximum(appeared_at, appeared_before)
    )


def without_unknown(read: Monitor, settings: Settings, moments: Times, found: Flags, known: Acquaintance) -> Flags:
    """One group's flags, without evaluations at which Datadog did not know it, or knew it too short a time.

    A group is known from its first point on until it had none for a day, and evaluated after the new group delay
    (https://docs.datadoghq.com/monitors/configuration/#new-group-delay).
    """
    delay = settings.new_group_delay if read.new_group_delay is None else read.new_group_delay
    old = np.where(moments - known.appeared_at < delay, np.uint8(SKIPPED), found)
    return np.where(moments - known.seen_at > _FORGOTTEN_AFTER, np.uint8(UNKNOWN), old)


def _flags(read: Monitor, values: Values, has_point: Truths) -> Flags:
    if has_point.all() and np.isfinite(values.sum()):
        return flags(read, values)
    if read.missing == "default" and read.counts and read.no_data_minutes is None:
        # Counts without data are evaluated as 0 (https://docs.datadoghq.com/monitors/configuration/#no-data).
        values = np.where(has_point, values, 0.0)
        has_point = np.ones_like(has_point)
    found = np.where(np.isfinite(values), flags(read, values), np.uint8(SKIPPED))
    return np.where(has_point, found, np.uint8(NO_DATA))
