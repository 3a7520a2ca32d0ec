"""Recurrence rules (RRULE) by days: what they may say, and on which days they occur.

https://www.rfc-editor.org/rfc/rfc5545#section-3.3.10, of which no rule here counts hours or ends by itself.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

import msgspec

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
LONGEST_RULE = 200
# A rule that misses so many days in a row never occurs: February 29 comes back within eight years.
_LONGEST_GAP = timedelta(days=366 * 60)
_LAST = date(2200, 1, 1)
_ONE = timedelta(days=1)
_WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = "(?:MO|TU|WE|TH|FR|SA|SU)"
_MONTHDAY = "-?(?:[1-9]|[12][0-9]|3[01])"
_MONTH = "(?:[1-9]|1[0-2])"
_POSITION = "-?(?:[1-9]|[1-9][0-9])"


def _listed(member: str) -> re.Pattern[str]:
    return re.compile(rf"{member}(?:,{member}){{0,30}}")


_VALUES = {
    "FREQ": re.compile("|".join(FREQUENCIES)),
    "INTERVAL": re.compile("[1-9][0-9]?"),
    "BYDAY": _listed(rf"(?:[+-]?[1-5])?{_DAY}"),
    "BYMONTHDAY": _listed(_MONTHDAY),
    "BYMONTH": _listed(_MONTH),
    "BYSETPOS": _listed(_POSITION),
}
_ORDER = tuple(_VALUES)


class RuleProblem(msgspec.Struct, frozen=True):
    """Why a text is no rule that can be followed here."""

    message: str
    hint: str = ""


def rule_problem(rule: str) -> RuleProblem | None:
    """What is wrong with a rule that a person wrote."""
    parts = _parts(rule)
    if parts is None:
        return RuleProblem(
            "the rule is not of the form `FREQ=MONTHLY;BYDAY=2TU`", "write each part once as NAME=VALUE, parted by `;`"
        )
    found = next(_part_problems(parts), None)
    if found is None and next(_days(rule, date(2024, 1, 1)), None) is None:
        return RuleProblem("the rule never occurs", "look at its months and days")
    return found


def _part_problems(parts: Mapping[str, str]) -> Iterator[RuleProblem]:
    for name, value in parts.items():
        if name not in _VALUES:
            yield RuleProblem(f"the rule has the part `{_shown(name)}`", f"parts are: {', '.join(_ORDER)}")
        elif _VALUES[name].fullmatch(value) is None:
            yield RuleProblem(f"`{name}` of the rule is `{_shown(value)}`", _HINTS[name])
    if "FREQ" not in parts:
        yield RuleProblem("the rule has no `FREQ`", _HINTS["FREQ"])
    elif _counts_days_of_no_month(parts):
        yield RuleProblem("`BYDAY` of the rule counts days, but not of a month", "add `BYMONTH`, or `FREQ=MONTHLY`")
    if len({len(each) > 2 for each in _members(parts, "BYDAY")}) > 1:
        yield RuleProblem("`BYDAY` of the rule mixes counted days and others", "write a downtime for each")


_HINTS: Mapping[str, str] = {
    "FREQ": f"it is one of {', '.join(FREQUENCIES)}",
    "INTERVAL": "it is a number from 1 to 99",
    "BYDAY": "write days like MO,WE or, of a month, 2TU and -1FR",
    "BYMONTHDAY": "write days of the month, 1 to 31, or -1 for the last",
    "BYMONTH": "write months, 1 to 12",
    "BYSETPOS": "write places like 1 or -1",
}


def _shown(text: str) -> str:
    return "".join(each if each.isprintable() else "?" for each in text[:40])


def _counts_days_of_no_month(parts: Mapping[str, str]) -> bool:
    counts = any(len(each) > 2 for each in parts.get("BYDAY", "").split(","))
    of_month = parts["FREQ"] == "MONTHLY" or (parts["FREQ"] == "YEARLY" and "BYMONTH" in parts)
    return counts and not of_month


def hangs_on_its_start(rule: str) -> bool:
    """Whether the day on which it starts decides on which days it occurs."""
    found = _rule(rule)
    if found is None:
        return False
    return found.interval > 1 or _with_defaults(found, date(2024, 1, 1)) != found


def canonical_rule(rule: str) -> str:
    """The same text for rules that mean the same: parts in one order, upper case, no interval of one."""
    parts = _parts(rule)
    if parts is None:
        return rule.strip()
    told = {name: value for name, value in parts.items() if (name, value) != ("INTERVAL", "1")}
    return ";".join(f"{name}={told[name]}" for name in sorted(told, key=_place))


def _place(name: str) -> tuple[int, str]:
    return (_ORDER.index(name) if name in _ORDER else len(_ORDER), name)


def _parts(rule: str) -> dict[str, str] | None:
    """None where the text is no list of NAME=VALUE, each name once."""
    if len(rule) > LONGEST_RULE:
        return None
    pairs = [text.partition("=") for text in rule.strip().upper().removeprefix("RRULE:").removesuffix(";").split(";")]
    if not all(equals for _, equals, _ in pairs) or len({name for name, _, _ in pairs}) != len(pairs):
        return None
    return {name.strip(): value.strip() for name, _, value in pairs}


def rule_occurrences(rule: str, start: datetime, *, since: datetime, until: datetime) -> Iterator[datetime]:
    """The local times from `since` to `until`, both included, at which a rule that begins at `start` occurs.

    `start` itself counts only where the rule gives it. Nothing occurs by a rule that cannot be followed.
    """
    for day in _days(rule, start.date(), since=max(since, start).date()):
        found = datetime.combine(day, start.time())
        if found > until:
            return
        if found >= since:
            yield found


def next_rule_occurrence(rule: str, start: datetime, *, after: datetime) -> datetime | None:
    """The first local time later than `after`; None where there is none."""
    found = rule_occurrences(rule, start, since=after, until=datetime.combine(_LAST, start.time()))
    return next((each for each in found if each > after), None)


class _Rule(msgspec.Struct, frozen=True):
    frequency: str
    interval: int
    days: tuple[tuple[int, int], ...]
    """(count in the month or 0, weekday)"""
    month_days: tuple[int, ...]
    months: tuple[int, ...]
    positions: tuple[int, ...]


@functools.lru_cache(maxsize=256)
def _rule(rule: str) -> _Rule | None:
    parts = _parts(rule)
    if parts is None or "FREQ" not in parts:
        return None
    if any(name not in _VALUES or _VALUES[name].fullmatch(value) is None for name, value in parts.items()):
        return None
    if _counts_days_of_no_month(parts):
        return None
    days = tuple((int(each[:-2] or 0), _WEEK.index(each[-2:])) for each in _members(parts, "BYDAY"))
    return _Rule(
        frequency=parts["FREQ"],
        interval=int(parts.get("INTERVAL", "1")),
        days=days,
        month_days=tuple(map(int, _members(parts, "BYMONTHDAY"))),
        months=tuple(map(int, _members(parts, "BYMONTH"))),
        positions=tuple(map(int, _members(parts, "BYSETPOS"))),
    )


def _members(parts: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(parts[name].split(",")) if name in parts else ()


def _days(text: str, start: date, *, since: date | None = None) -> Iterator[date]:
    """The days of a rule, from `since` on."""
    rule = _rule(text)
    if rule is None or not date(1970, 1, 1) <= start < _LAST:
        return
    rule = _with_defaults(rule, start)
    last = since or start
    period = _first_period(rule, start, last)
    while period < _LAST and period - last < _LONGEST_GAP:
        for day in _of_period(rule, period):
            if day >= start and day >= (since or start):
                last = max(last, day)
                yield day
        period = _advanced(rule, period, rule.interval)


def _with_defaults(rule: _Rule, start: date) -> _Rule:
    """What a rule does not say is that of its start."""
    if rule.days or rule.month_days:
        return rule
    if rule.frequency == "WEEKLY":
        return msgspec.structs.replace(rule, days=((0, start.weekday()),))
    if rule.frequency == "MONTHLY":
        return msgspec.structs.replace(rule, month_days=(start.day,))
    if rule.frequency == "YEARLY":
        return msgspec.structs.replace(rule, month_days=(start.day,), months=rule.months or (start.month,))
    return rule


def _first_period(rule: _Rule, start: date, since: date) -> date:
    """The beginning of the last period not after `since` of those that are counted from the start's."""
    begin = _period_of(rule, start)
    if since <= begin:
        return begin
    lengths = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 31, "YEARLY": 366}
    steps = (since - begin).days // (lengths[rule.frequency] * rule.interval)
    return _advanced(rule, begin, steps * rule.interval)


def _period_of(rule: _Rule, day: date) -> date:
    if rule.frequency == "WEEKLY":
        return day - day.weekday() * _ONE
    if rule.frequency == "DAILY":
        return day
    return day.replace(day=1) if rule.frequency == "MONTHLY" else day.replace(month=1, day=1)


def _advanced(rule: _Rule, period: date, count: int) -> date:
    """The beginning of the period so many later."""
    if rule.frequency in ("DAILY", "WEEKLY"):
        return period + count * (_ONE if rule.frequency == "DAILY" else 7 * _ONE)
    months = count if rule.frequency == "MONTHLY" else 12 * count
    years, month = divmod(period.month - 1 + months, 12)
    return date(period.year + years, month + 1, 1)


def _of_period(rule: _Rule, period: date) -> list[date]:
    end = _advanced(rule, period, 1)
    found = [day for day in _dates(period, end) if _fits(rule, day)]
    if not rule.positions:
        return found
    places = {position - 1 if position > 0 else len(found) + position for position in rule.positions}
    return [day for place, day in enumerate(found) if place in places]


def _dates(begin: date, end: date) -> Iterator[date]:
    while begin < end:
        yield begin
        begin += _ONE


def _fits(rule: _Rule, day: date) -> bool:
    if rule.months and day.month not in rule.months:
        return False
    length = _month_length(day)
    if rule.month_days and not {day.day, day.day - length - 1} & set(rule.month_days):
        return False
    return not rule.days or any(_is_day(day, count, weekday, length) for count, weekday in rule.days)


def _is_day(day: date, count: int, weekday: int, length: int) -> bool:
    if day.weekday() != weekday:
        return False
    return count in (0, (day.day - 1) // 7 + 1, -((length - day.day) // 7 + 1))


def _month_length(day: date) -> int:
    following = day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1, day=1)
    return (following - _ONE).day
