"""One version of a monitor over a history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import tzinfo
from typing import Any

from msgspec import Struct

from generator.backtest.curve import curves
from generator.backtest.hours import BusinessHours
from generator.backtest.model import Course, Episode, NotRun, Told
from generator.message.event import State
from generator.schedule.zones import UnknownZone, zone
from generator.simulate.evaluating import simulate
from generator.simulate.history import Group, History
from generator.simulate.monitor import monitor
from generator.simulate.refusal import Refusal
from generator.simulate.sensitivity import Difference, sensitivity
from generator.simulate.settings import DEFAULT, Settings
from generator.simulate.telling import sent
from generator.simulate.timeline import GroupTimeline, Simulation


class Drawing(Struct, frozen=True):
    """How many groups' values are kept to be drawn, in how many columns; none by default."""

    groups: int = 0
    columns: int = 600


NOTHING_DRAWN = Drawing()


class Stretch(Struct, frozen=True, kw_only=True):
    """From `since` to `until`, both included, in seconds since 1970; `hours` are those in which people work.

    With `tries_settings` it is told which of them an outcome depends on, but for those that are `settled`.
    """

    since: int
    until: int
    hours: BusinessHours
    settings: Settings = DEFAULT
    drawing: Drawing = NOTHING_DRAWN
    tries_settings: bool = False
    settled: frozenset[str] = frozenset()


def course(
    payload: Mapping[str, Any], history: History, stretch: Stretch, notes: tuple[str, ...] = ()
) -> Course | NotRun:
    """What it would have done; who is told is read from the payload's message."""
    simulation = simulate(payload, history, since=stretch.since, until=stretch.until, settings=stretch.settings)
    if isinstance(simulation, Refusal):
        return NotRun(simulation.reason)
    found = _episodes if monitor(payload).custom_schedule is None else _moments
    episodes = [each for group in simulation.groups for each in found(group)]
    return Course(
        since=stretch.since,
        until=stretch.until,
        evaluations=simulation.evaluations,
        groups=len(simulation.groups),
        with_points=simulation.with_points,
        episodes=tuple(sorted(episodes, key=lambda each: (each.start, each.group, each.state.value))),
        told=_told(payload, simulation, stretch.hours),
        curves=curves(
            payload,
            history,
            since=stretch.since,
            until=stretch.until,
            settings=stretch.settings,
            groups=_most_alerting(simulation, stretch.drawing.groups),
            columns=stretch.drawing.columns,
        ),
        thresholds=monitor(payload).thresholds,
        notes=(*notes, *_doubts(payload, simulation, stretch.settings)),
        depends_on=_dependences(payload, history, stretch) if stretch.tries_settings else None,
    )


def _dependences(payload: Mapping[str, Any], history: History, stretch: Stretch) -> tuple[Difference, ...]:
    found = sensitivity(payload, history, since=stretch.since, until=stretch.until, settings=stretch.settings)
    if isinstance(found, Refusal):
        return ()
    return tuple(each for each in found if each.matters and each.setting not in stretch.settled)


def _doubts(payload: Mapping[str, Any], simulation: Simulation, settings: Settings) -> Iterator[str]:
    """Why what was found may say nothing."""
    if not simulation.evaluations:
        yield "it would not have been evaluated in this time"
    elif not simulation.with_points:
        yield "it never saw a point, so what is told here says nothing of it"
    window, bucket = monitor(payload).window_seconds, settings.bucket_seconds
    if window is not None and bucket is not None and bucket > window:
        yield f"buckets of {bucket} s are longer than its window of {window} s, so most evaluations see none"


def _episodes(of: GroupTimeline) -> Iterator[Episode]:
    opened: Episode | None = None
    for each in of.transitions:
        if opened is not None:
            yield _until(opened, each.at)
        is_ok = each.after is State.OK
        opened = None if is_ok else Episode(group=of.group, state=each.after, start=each.at, end=None, value=each.value)
    if opened is not None:
        yield opened


def _moments(of: GroupTimeline) -> Iterator[Episode]:
    """Of a monitor with a schedule of its own, which tells of each evaluation that is not OK and knows no recovery."""
    for each in of.notifications:
        yield Episode(group=of.group, state=each.after, start=each.at, end=each.at, value=each.value)


def _until(episode: Episode, end: int) -> Episode:
    return Episode(group=episode.group, state=episode.state, start=episode.start, end=end, value=episode.value)


def _told(payload: Mapping[str, Any], simulation: Simulation, hours: BusinessHours) -> tuple[Told, ...]:
    found = [each for group in simulation.groups for each in sent(payload, group, _zone) if each.told]
    return tuple(
        Told(
            at=each.at,
            group=each.group,
            before=each.before,
            after=each.after,
            handles=each.told,
            is_renotify=each.is_renotify,
            in_business_hours=hours.are_at(each.at),
        )
        for each in sorted(found, key=lambda one: (one.at, one.group))
    )


def _zone(name: str) -> tzinfo | None:
    found = zone(name)
    return None if isinstance(found, UnknownZone) else found


def _most_alerting(simulation: Simulation, most: int) -> tuple[Group, ...]:
    """Groups that changed their state most often first."""
    ordered = sorted(simulation.groups, key=lambda each: (-len(each.transitions), each.group))
    return tuple(each.group for each in ordered[:most])
