"""A backtest: each version of each monitor over its history."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from generator.backtest.course import NOTHING_DRAWN, Drawing, Stretch, course
from generator.backtest.hours import BusinessHours
from generator.backtest.model import Backtest, Backtested, Course, NotRun
from generator.cli import _backtest_times
from generator.cli._backtest_monitors import Pair, hours_by_zone, pairs, zone_of
from generator.cli._backtest_request import Request
from generator.cli._backtest_source import Opened, opened, progressing
from generator.cli._exits import USAGE, Stop
from generator.cli._project import load, load_revision
from generator.cli._settings import settings_of
from generator.explain.arrival import arrives_within
from generator.history.source import NoPast, Pulled, Reading, Source
from generator.render.model import Rendering, Resource
from generator.render.project import load_project
from generator.report.setting_words import choice_text
from generator.simulate.settings import DEFAULT, Settings

_DRAWN_GROUPS = 6
_MOST_COLUMNS = 600
_FEWEST_COLUMNS = 60
_COLUMNS_OF_A_PAGE = 24_000
_NEAR_SECONDS = 3600


def backtest(request: Request, now: datetime) -> Backtest:
    settings = _settings(request)
    files, rendering = load(request.root, no_cache=request.no_cache)
    project, _ = load_project(files)
    if project is None:
        raise Stop("monitors/organization.yaml cannot be read", hint="`toban lint` says why")
    earlier = load_revision(request.root, request.base)[1] if request.base else None
    chosen = pairs(rendering, earlier, request.names)
    with opened(request, now) as found:
        zone = zone_of(project)
        since, until = _backtest_times.stretch(request.since, request.until, zone=zone, span=found.span, now=now)
        reading = _reading(request, rendering, settings, (since, until))
        with progressing(found.source, [*_payloads(chosen)], reading, request.requests) as source:
            hours = hours_by_zone(project, rendering.timezones, since=since)
            run = _Run(source, reading, hours, _drawing(request, chosen), tries_settings=request.sensitivity)
            monitors = tuple(run.backtested(each) for each in chosen)
        return Backtest(
            since=since,
            until=until,
            source=found.words,
            base=request.base,
            flapping_seconds=request.flapping * 60,
            monitors=monitors,
            assumptions=(
                *_uncovered(found, since, until, zone),
                *_left_out(request, found, since, zone),
                *_assumptions(reading, found),
                *_settings_words(request, settings),
            ),
            requests=found.sent(),
        )


@dataclass(frozen=True, slots=True)
class _Run:
    """What all monitors of a backtest share."""

    source: Source
    reading: Reading
    hours: Callable[[Resource], BusinessHours]
    drawing: Drawing
    tries_settings: bool

    def backtested(self, pair: Pair) -> Backtested:
        shown = pair.shown
        hours = self.hours(shown)
        base = None if pair.base is None else self._course(pair.base, hours)
        if pair.base is not None and not pair.differs:
            proposed = base
        else:
            proposed = None if pair.proposed is None else self._course(pair.proposed, hours)
        return Backtested(
            tracking_id=shown.tracking_id,
            title=str(shown.payload.get("name") or ""),
            path=shown.path,
            line=shown.line,
            hours=hours,
            proposed=proposed,
            base=base,
        )

    def _course(self, resource: Resource, hours: BusinessHours) -> Course | NotRun:
        past = self.source.past(resource.payload, self.reading)
        if isinstance(past, NoPast):
            return NotRun(past.reason, past.is_budget)
        stretch = Stretch(
            since=self.reading.since,
            until=self.reading.until,
            hours=hours,
            settings=past.settings,
            drawing=self.drawing,
            tries_settings=self.tries_settings,
            settled=past.settled,
        )
        return course(past.payload, past.history, stretch, past.notes)


def _settings(request: Request) -> Settings:
    chosen = settings_of(request.chosen)
    if request.rollup is None:
        return chosen
    if chosen.bucket_seconds is not None:
        raise Stop("`--rollup` and the setting `bucket_seconds` are the same", hint="give one of them", code=USAGE)
    return replace(chosen, bucket_seconds=request.rollup)


def _payloads(chosen: Sequence[Pair]) -> Iterator[Mapping[str, Any]]:
    return (each.payload for pair in chosen for each in (pair.base, pair.proposed) if each is not None)


def _reading(request: Request, rendering: Rendering, settings: Settings, span: tuple[int, int]) -> Reading:
    late = {prefix: timedelta(seconds=seconds) for prefix, seconds in rendering.arrival_seconds.items()}
    return Reading(
        since=span[0],
        until=span[1],
        settings=settings,
        interpolation=request.interpolation,
        late_seconds=lambda metric: int(arrives_within(metric, late).total_seconds()),
    )


def _drawing(request: Request, chosen: Sequence[Pair]) -> Drawing:
    """As fine as a page of bounded size allows."""
    if not request.is_drawn:
        return NOTHING_DRAWN
    curves = 2 * _DRAWN_GROUPS * max(1, len(chosen))
    return Drawing(_DRAWN_GROUPS, max(_FEWEST_COLUMNS, min(_MOST_COLUMNS, _COLUMNS_OF_A_PAGE // curves)))


def _uncovered(found: Opened, since: int, until: int, zone: ZoneInfo) -> Iterator[str]:
    """That files hold less than what was asked for."""
    if found.span is not None and (since < found.span[0] - _NEAR_SECONDS or until > found.span[1] + _NEAR_SECONDS):
        first, last = (f"{datetime.fromtimestamp(each, UTC).astimezone(zone):%Y-%m-%d %H:%M}" for each in found.span)
        yield f"The files have points from {first} to {last} ({zone.key}) only."


def _left_out(request: Request, found: Opened, since: int, zone: ZoneInfo) -> Iterator[str]:
    """That files hold more than one run takes."""
    if request.since is None and found.span is not None and found.span[0] < since:
        first = datetime.fromtimestamp(found.span[0], UTC).astimezone(zone)
        yield (
            f"The files have points from {first:%Y-%m-%d %H:%M} on ({zone.key}); only the last "
            f"{_backtest_times.LONGEST.days} days are back-tested, earlier ones with `--from` and `--to`."
        )


def _assumptions(reading: Reading, found: Opened) -> tuple[str, ...]:
    """What holds for all monitors and is not as in Datadog."""
    common = ("Each group begins as OK. Downtimes and mutes are left out.",)
    if not isinstance(found.source, Pulled):
        return common
    closed = (
        "Datadog closed gaps between sources as for a graph, also by points that came later (`--interpolation none`)"
        if reading.interpolation == "datadog"
        else "gaps between sources stay open, where the query does not close them (`--interpolation datadog`)"
    )
    asked = (
        "Points are what the query API answers for whole buckets (`--rollup`), which an evaluation sees when they are "
        f"over; Datadog's own looks at the last one half full. {closed[0].upper()}{closed[1:]}."
    )
    return (asked, *common)


def _settings_words(request: Request, settings: Settings) -> Iterator[str]:
    """Which choices hold that Datadog does not document, and how to learn whether they matter."""
    named = [name for name in Settings.__struct_fields__ if getattr(settings, name) != getattr(DEFAULT, name)]
    if named:
        yield f"Settings: {', '.join(f'`{name}` {choice_text(getattr(settings, name))}' for name in named)}."
    if not request.sensitivity:
        yield "`--sensitivity` tells what rests on what Datadog does not document."
