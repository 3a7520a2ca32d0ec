"""The schedule of a downtime: local times as people write them → Datadog's form, or what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UNSET, UnsetType

from generator.render.downtime_fields import Downtime, Once, Recurring, Weekly
from generator.schedule.delivery_days import parse_days
from generator.schedule.fields import parse_duration, parse_local_time
from generator.schedule.local_time import instant, is_plain, length, of_minutes
from generator.schedule.moments import YEARS, parse_date, parse_moment
from generator.schedule.recurrence import rrule
from generator.schedule.rules import canonical_rule, hangs_on_its_start, next_rule_occurrence, rule_problem

# Any Monday will do, as long as it never changes: a payload holds no time of its own.
_FIRST_DAY = date(2024, 1, 1)
_MINUTE = timedelta(minutes=1)
_SECOND = timedelta(seconds=1)
_LONGEST = timedelta(days=366)
_FORMS = ("once", "weekly", "recurring")


class ScheduleProblem(msgspec.Struct, frozen=True):
    field: tuple[str, ...]
    message: str
    hint: str
    rule: str = "wrong-value"


Schedule = dict[str, Any]


def schedule_of(downtime: Downtime, where: ZoneInfo) -> Schedule | ScheduleProblem:
    """Datadog's `schedule`; times are on the clocks of `where`."""
    given = [name for name in _FORMS if getattr(downtime, name) is not UNSET]
    if len(given) != 1:
        return _not_one(given)
    if isinstance(downtime.once, Once):
        return _once(downtime.once, where)
    if isinstance(downtime.weekly, Weekly):
        return _weekly(downtime.weekly, where)
    assert isinstance(downtime.recurring, Recurring)  # noqa: S101  one of the three is given
    return _recurring(downtime.recurring, where)


def _not_one(given: list[str]) -> ScheduleProblem:
    if given:
        told = " and ".join(f"`{name}`" for name in given)
        return ScheduleProblem((given[-1],), f"a downtime has one schedule, found {told}", "write a downtime for each")
    hint = 'write `weekly: {days: sun, from: "03:00", to: "05:00"}`, `once` or `recurring`'
    return ScheduleProblem((), "it does not say when it holds", hint, "missing-field")


def _once(once: Once, where: ZoneInfo) -> Schedule | ScheduleProblem:
    found: dict[str, str] = {}
    moments: list[datetime] = []
    for name, field, text in (("start", "from", once.from_), ("end", "to", once.to)):
        local = parse_moment(text)
        if local is None:
            return ScheduleProblem(("once", field), _no_day(text[:10]), "look at a calendar")
        moment = instant(local.date(), local.time(), where)
        if not is_plain(moment, local.time(), where):
            return _odd(("once", field), text, where)
        moments.append(moment)
        found[name] = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    if moments[1] <= moments[0]:
        return ScheduleProblem(("once", "to"), f"it ends at {once.to}, not after it begins", "write a later time")
    return found


def _no_day(text: str | UnsetType) -> str:
    return f"`{text}` is no day from {YEARS[0]} to {YEARS[-1]}"


def _odd(field: tuple[str, ...], text: str, where: ZoneInfo) -> ScheduleProblem:
    message = f"the clocks of {where.key} skip or repeat {text}"
    return ScheduleProblem(field, message, "write a time an hour or two earlier or later")


def _weekly(weekly: Weekly, where: ZoneInfo) -> Schedule | ScheduleProblem:
    if (weekly.to is UNSET) == (weekly.lasting is UNSET):
        found = "neither" if weekly.to is UNSET else "both"
        return ScheduleProblem(("weekly",), f"it needs `to` or `lasting`, found {found}", "write one of the two")
    start = _time(weekly.from_)
    lasting = parse_duration(weekly.lasting) if weekly.lasting is not UNSET else length(start, _time(str(weekly.to)))
    rule = rrule(parse_days(weekly.days))
    return _recurrence(rule, datetime.combine(_FIRST_DAY, start), lasting, where=where, form="weekly")


def _recurring(recurring: Recurring, where: ZoneInfo) -> Schedule | ScheduleProblem:
    problem = rule_problem(recurring.rule)
    if problem is not None:
        return ScheduleProblem(("recurring", "rule"), problem.message, problem.hint)
    if recurring.first is UNSET:
        if hangs_on_its_start(recurring.rule):
            message = "the rule counts from its first day, and `first` does not say which that is"
            return ScheduleProblem(("recurring", "rule"), message, "add `first: 2026-12-01`, or name days by `BYDAY`")
        first: date | None = _FIRST_DAY
    else:
        first = parse_date(recurring.first)
    if first is None:
        return ScheduleProblem(("recurring", "first"), _no_day(recurring.first), "look at a calendar")
    start = datetime.combine(first, _time(recurring.from_))
    following = next_rule_occurrence(recurring.rule, start, after=start - _SECOND)
    if following is None or (recurring.first is not UNSET and following != start):
        message = f"`first` is {recurring.first}, on which the rule does not occur"
        return ScheduleProblem(("recurring", "first"), message, "write a day that the rule gives")
    rule = canonical_rule(recurring.rule)
    return _recurrence(rule, start, parse_duration(recurring.lasting), where=where, form="recurring")


def _recurrence(
    rule: str, start: datetime, lasting: timedelta, *, where: ZoneInfo, form: str
) -> Schedule | ScheduleProblem:
    if not _MINUTE <= lasting <= _LONGEST or lasting % _MINUTE:
        return ScheduleProblem((form, "lasting"), "it lasts a year at most, and whole minutes", "write such as `90m`")
    first = next_rule_occurrence(rule, start, after=start - _SECOND) or start
    recurrence = {"duration": _duration(lasting), "rrule": rule, "start": first.isoformat()}
    return {"recurrences": [recurrence], "timezone": where.key}


def _duration(lasting: timedelta) -> str:
    """In the largest unit that says it exactly."""
    minutes = lasting // _MINUTE
    units: Iterator[tuple[str, int]] = iter((("w", 10080), ("d", 1440), ("h", 60), ("m", 1)))
    return next(f"{minutes // size}{unit}" for unit, size in units if not minutes % size)


def _time(text: str) -> time:
    return of_minutes(parse_local_time(text))
