"""Functions that read another time than they show (https://docs.datadoghq.com/dashboards/functions/timeshift/)."""

from __future__ import annotations

import calendar
import functools
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from msgspec.structs import replace

from generator.query.nodes import Binary, Call, Expression, Number, StringLiteral, Unary
from generator.schedule.zones import UnknownZone, zone
from generator.simulate.history import Times
from generator.simulate.refusal import NotSimulated
from generator.simulate.settings import DEFAULT, Settings

_DAY = 86_400
# Datadog keeps metrics for 15 months (https://docs.datadoghq.com/data_security/data_retention_periods/).
_LONGEST_DAYS = 460
_CALENDAR_SHIFT = re.compile(r"-(\d{1,4})(d|w|mo)\Z", re.ASCII)
_FIXED = {"hour_before": 3600, "day_before": _DAY, "week_before": 7 * _DAY, "month_before": 28 * _DAY}
SHIFTS = frozenset({*_FIXED, "timeshift", "calendar_shift"})


def is_shift(call: Call) -> bool:
    return call.name in SHIFTS


def read_at(call: Call, starts: Times, settings: Settings = DEFAULT) -> Times:
    """What the shift reads for each time that it shows."""
    if call.name == "calendar_shift":
        return _by_calendar(call, starts, settings)
    return starts + fixed_seconds(call)


def fixed_seconds(call: Call) -> int:
    """Negative where it looks back; of a shift by the calendar the least that it can be."""
    if call.name in _FIXED:
        return -_FIXED[call.name]
    if call.name == "calendar_shift":
        days, months = _amount(call)
        return min(0, -(days * _DAY + months * 28 * _DAY) + 3600)
    shift = call.args[1] if len(call.args) > 1 else None
    if not isinstance(shift, Number) or not -_LONGEST_DAYS * _DAY <= shift.value <= 0 or shift.value % 1:
        raise NotSimulated("a shift into the future, by more than 15 months, or by parts of seconds", call)
    return int(shift.value)


def inwards(call: Call) -> Expression:
    """The same, with the operands of what it shifts shifted instead."""

    def shifted(part: Expression) -> Expression:
        return part if isinstance(part, Number) else replace(call, args=(part, *call.args[1:]))

    inner = call.args[0]
    if isinstance(inner, Unary):
        return replace(inner, operand=shifted(inner.operand))
    if isinstance(inner, Binary):
        return replace(inner, left=shifted(inner.left), right=shifted(inner.right))
    return replace(inner, args=(shifted(inner.args[0]), *inner.args[1:])) if isinstance(inner, Call) else call


def _amount(call: Call) -> tuple[int, int]:
    """Days and months back."""
    text = call.args[1].text if len(call.args) > 1 and isinstance(call.args[1], StringLiteral) else ""
    found = _CALENDAR_SHIFT.match(text)
    amount = int(found[1]) if found else 0
    days, months = {"d": (amount, 0), "w": (7 * amount, 0), "mo": (0, amount)}[found[2] if found else "d"]
    if found is None or days + 31 * months > _LONGEST_DAYS:
        raise NotSimulated(f"the shift `{text[:40]}`", call)
    return days, months


def _by_calendar(call: Call, starts: Times, settings: Settings) -> Times:
    if len(call.args) > 3:
        raise NotSimulated("`calendar_shift` with a mode: what it changes is not documented", call)
    name = call.args[2].text if len(call.args) > 2 and isinstance(call.args[2], StringLiteral) else "UTC"
    where = zone(name)
    if isinstance(where, UnknownZone):
        raise NotSimulated(f"the time zone `{name[:40]}`", call)
    days, months = _amount(call)
    # The clocks are changed at whole quarters of an hour, so all times of one move alike.
    quarters, which = np.unique(starts // 900, return_inverse=True)
    clamp = settings.short_months == "last_day"
    moved = np.array([_moved(int(each) * 900, where, (days, months), clamp=clamp) for each in quarters], dtype=np.int64)
    return starts + moved[which].reshape(starts.shape)


@functools.lru_cache(maxsize=200_000)
def _moved(at: int, where: ZoneInfo, amount: tuple[int, int], *, clamp: bool) -> int:
    local = datetime.fromtimestamp(at, UTC).astimezone(where)
    days, months = amount
    year, month = divmod(local.year * 12 + local.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    after = 0 if clamp else max(0, local.day - last)
    back = local.replace(year=year, month=month + 1, day=min(local.day, last)) + timedelta(days=after - days)
    return int(back.timestamp()) - at
