"""A backtest in numbers and words, for people in whatever output."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from generator.backtest.hours import BusinessHours
from generator.backtest.model import Backtest, Backtested, Course, Episode, NotRun, handles_told
from generator.message.event import State
from generator.report.setting_words import choice_text
from generator.report.visible import LONGEST_VALUE, short
from generator.schedule.delivery_days import days_name
from generator.schedule.local_time import clock
from generator.simulate.sensitivity import Difference

NOT_RUN = "not run"
NOTHING = "-"
_MOST_HANDLES = 5
_ALL = "100 %"
_SIX_DAYS = 6 * 86_400
_UNITS = (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1))


class Row(Struct, frozen=True):
    """A number of each version; `before` is None where nothing is compared."""

    name: str
    before: str | None
    now: str


class Listed(Struct, frozen=True):
    """An alert, `-` where only the base has it, `+` where only the proposed version does, a blank where both do."""

    sign: str
    episode: Episode
    seconds: int


def summary(found: Backtest) -> str:
    """`2 monitors back-tested, 1 not; 1 would alert more often than at main`."""
    told = f"{_monitors(len(found.run))} back-tested"
    told += f", {len(found.not_run):,} not" if found.not_run else ""
    blind = sum(each.is_blind for each in found.run)
    told += f", {blind:,} never saw a point" if blind else ""
    if found.base is None:
        return told
    changes = [change for each in found.run for change in _changes(each)]
    counted = {words: changes.count(words) for words in _CHANGES}
    parts = [f"{count:,} would {words}" for words, count in counted.items() if count]
    return f"{told}; {', '.join(parts) or f'none would {_NO_CHANGE}'} than at {_revision(found)}"


_CHANGES = ("alert more often", "alert less often", "be in alert longer", "be in alert for less time")
_NO_CHANGE = "alert more or less often, or longer,"


def _changes(of: Backtested) -> Iterator[str]:
    """How its alerts differ; their time only where it is not what their number lets expect."""
    if isinstance(of.base, NotRun) or isinstance(of.proposed, NotRun):
        return
    (count_before, before), (count, now) = map(_alerts, (of.base, of.proposed))
    if count != count_before:
        yield _CHANGES[count < count_before]
    is_expected = (now > before) if count > count_before else count < count_before and now < before
    if now != before and not is_expected:
        yield _CHANGES[2 + (now < before)]


def span_words(found: Backtest, zone: ZoneInfo) -> str:
    return f"{moment(found.since, zone)} to {moment(found.until, zone)} ({zone.key})"


def columns(found: Backtest) -> tuple[str, str]:
    """What the versions are called."""
    return (_revision(found), "proposed") if found.base is not None else ("", "")


def rows(of: Backtested, found: Backtest) -> tuple[Row, ...]:
    """Those that say something."""
    made = ((_row(of, found, name, value), plain) for name, value, plain in _measures(found.flapping_seconds))
    return tuple(row for row, plain in made if {row.before, row.now} - {None, NOTHING, NOT_RUN, *plain} or not plain)


def listed(of: Backtested, found: Backtest) -> tuple[Listed, ...]:
    """All alerts of both versions, in order of time."""
    before, now = _course_alerts(of.base), _course_alerts(of.proposed)
    if found.base is None or of.base is None:
        return tuple(Listed(" ", each, seconds) for each, seconds in now.items())
    both = [Listed(" " if each in before else "+", each, seconds) for each, seconds in now.items()]
    gone = [Listed("-", each, seconds) for each, seconds in before.items() if each not in now]
    return tuple(sorted((*both, *gone), key=lambda one: (one.episode.start, one.episode.group, one.sign)))


def told_outside(of: Backtested) -> str:
    """Who would be told outside business hours by the later version, and how often."""
    course = of.proposed if isinstance(of.proposed, Course) else of.base
    handles = handles_told(course.told_outside) if isinstance(course, Course) else {}
    named = [f"{short(handle, LONGEST_VALUE)} ({count:,})" for handle, count in handles.items()]
    more = f" and {len(named) - _MOST_HANDLES} more" if len(named) > _MOST_HANDLES else ""
    return ", ".join(named[:_MOST_HANDLES]) + more


def hours_words(hours: BusinessHours) -> str:
    """`mon-fri 10:00 to 19:00 (Asia/Tokyo)`."""
    days = days_name(hours.days).replace("_", ", ") if hours.days else "every day"
    return f"{days} {clock(hours.start)} to {clock(hours.end)} ({hours.zone.key})"


def why_not(of: Backtested) -> str:
    """Why it was not back-tested, by version where they differ."""
    return short(of.reason, 600)


def remarks(of: Backtested, found: Backtest) -> tuple[str, ...]:
    """What a reader of the numbers should know."""
    names = columns(found)
    kept = [
        f"{name} was not run: {version.reason}"
        for name, version in zip(names, (of.base, of.proposed), strict=True)
        if isinstance(version, NotRun) and of.is_run
    ]
    if found.base is not None and of.base is None:
        kept.append("it is new")
    if found.base is not None and of.proposed is None:
        kept.append("it is removed")
    return tuple(short(each, 600) for each in (*kept, *of.notes, *_dependences(of, found)))


def _dependences(of: Backtested, found: Backtest) -> Iterator[str]:
    """What rests on what Datadog does not document."""
    for name, version in zip(columns(found), (of.base, of.proposed), strict=True):
        choices = version.depends_on if isinstance(version, Course) else None
        whose = f"{name}: " if name else ""
        if choices == ():
            yield f"{whose}rests on nothing that Datadog leaves open, as far as was tried"
        for each in choices or ():
            at = "" if each.first_at is None else f", first {moment(each.first_at, of.hours.zone)}"
            yield f"{whose}{_otherwise(each)}{at}"


def _otherwise(each: Difference) -> str:
    """What would differ by another choice of a setting."""
    choice = f"`{each.setting}` {choice_text(each.instead)} instead of {choice_text(each.chosen)}"
    states, sent = each.groups_that_differ, each.notifications_that_differ
    groups = f"other states in {states:,} group{'' if states == 1 else 's'}"
    return f"{choice} would make {groups} and {sent:,} other notification{'' if sent == 1 else 's'}"


def alert_words(episode: Episode, hours: BusinessHours) -> tuple[str, str, str]:
    """When, of which group, and with what value."""
    return when(episode, hours.zone), ", ".join(episode.group) or NOTHING, number(episode.value)


def when(episode: Episode, zone: ZoneInfo) -> str:
    """`Tue 2026-10-06 04:12 to 05:30`, or `to Wed 01:10`."""
    start = moment(episode.start, zone)
    if episode.end == episode.start:
        return start
    if episode.end is None:
        return f"{start} and on"
    end = moment(episode.end, zone)
    if end[:-5] == start[:-5]:
        return f"{start} to {end[-5:]}"
    is_within_a_week = episode.end - episode.start < _SIX_DAYS
    return f"{start} to {end[:3]} {end[-5:]}" if is_within_a_week else f"{start} to {end}"


def moment(second: int, zone: ZoneInfo) -> str:
    return f"{local(second, zone):%a %Y-%m-%d %H:%M}"


def local(second: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(second, UTC).astimezone(zone)


def duration(seconds: int) -> str:
    """`1 h 18 min`, the two largest units."""
    if not seconds:
        return NOTHING
    found: list[str] = []
    for unit, length in _UNITS:
        amount, seconds = divmod(seconds, length)
        if amount or found:
            found.append(f"{amount} {unit}" if amount else "")
    return " ".join(filter(None, found[:2]))


def number(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.4g}" if abs(value) < 1e4 else f"{value:,.6g}"


def _measures(flapping_seconds: int) -> Iterator[tuple[str, Callable[[Course], str], frozenset[str]]]:
    """With the texts that say nothing; a row of none but these is left out, where there are any."""
    minutes = duration(flapping_seconds)
    none, always = frozenset({"0"}), frozenset[str]()
    yield "alerts", lambda course: f"{len(course.of(State.ALERT)):,}", always
    yield "time in alert", lambda course: duration(course.seconds_in(State.ALERT)), none
    yield "longest alert", lambda course: duration(course.longest), none
    yield "warnings", lambda course: f"{len(course.of(State.WARNING)):,}", none
    yield "without data", lambda course: f"{len(course.of(State.NO_DATA)):,}", none
    yield "notifications", lambda course: f"{len(course.told):,}", always
    yield "outside business hours", lambda course: f"{len(course.told_outside):,}", none
    yield f"flapping (back within {minutes})", lambda course: f"{course.flaps(flapping_seconds):,}", none
    yield "evaluations with data", _share_with_points, frozenset({_ALL})


def _share_with_points(course: Course) -> str:
    """In percent, but nothing at all is not rounded to all or none."""
    if not course.evaluations:
        return NOTHING
    share = 100 * course.with_points / course.evaluations
    if share in (0, 100):
        return f"{share:.0f} %"
    return "under 1 %" if share < 1 else f"{min(share, 99):.0f} %"


def _row(of: Backtested, found: Backtest, name: str, value: Callable[[Course], str]) -> Row:
    before = None if found.base is None else _cell(of.base, value)
    return Row(name, before, _cell(of.proposed, value))


def _cell(version: Course | NotRun | None, value: Callable[[Course], str]) -> str:
    if version is None:
        return NOTHING
    return value(version) if isinstance(version, Course) else NOT_RUN


def _course_alerts(version: Course | NotRun | None) -> dict[Episode, int]:
    if not isinstance(version, Course):
        return {}
    return {each: version.seconds_of(each) for each in version.of(State.ALERT)}


def _alerts(version: Course | None) -> tuple[int, int]:
    """How many, and for how many seconds together; none of a version that is not there."""
    return (0, 0) if version is None else (len(version.of(State.ALERT)), version.seconds_in(State.ALERT))


def _revision(found: Backtest) -> str:
    return short(found.base or "", 40)


def _monitors(count: int) -> str:
    return f"{count:,} monitor" if count == 1 else f"{count:,} monitors"
