"""Evaluates one monitor after the other over what intake stored."""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import UTC, datetime, tzinfo
from typing import Any

import msgspec

from generator.localdog.numeric.looking_back import seconds_back
from generator.localdog.numeric.stored_history import StoredHistory
from generator.localdog.outcome import UNGROUPED, Change, GroupOutcome, Outcome
from generator.localdog.routing import Arrival, handles
from generator.localdog.series_store import SeriesStore
from generator.localdog.standing_store import MonitorRecord
from generator.localdog.task import Task
from generator.localdog.titles import title
from generator.localdog.watched import Watched
from generator.message.event import AlertEvent, State
from generator.schedule.zones import UnknownZone, zone
from generator.simulate.composite import simulate_composite
from generator.simulate.evaluating import simulate
from generator.simulate.history import History
from generator.simulate.moments import evaluations
from generator.simulate.monitor import Monitor, monitor
from generator.simulate.refusal import NotSimulated, Refusal
from generator.simulate.settings import DEFAULT
from generator.simulate.telling import Sent, sent
from generator.simulate.timeline import GroupTimeline, Simulation, Standing

Begin = dict[tuple[str, ...], Standing]
# One monitor that it cannot cope with must not end the evaluation of all others.
_OUR_FAULTS = (ArithmeticError, LookupError, ValueError, TypeError, RecursionError, MemoryError)
_SOME_MOMENT = 1_700_000_000
_WITHOUT_DATA = Standing(state=State.NO_DATA, is_silent=True)


class Reading(msgspec.Struct, frozen=True):
    """A monitor as the simulator reads it; `monitor` is None for a `refusal`."""

    monitor: Monitor | None
    seconds_back: int
    refusal: str = ""


class Engine:
    """Keeps what it read of monitors; the history is that of one span."""

    def __init__(self) -> None:
        self._readings: dict[int, tuple[Watched, Reading]] = {}
        self._history: StoredHistory | None = None
        self._kept: dict[int, Simulation | None] = {}

    def begin(self, store: SeriesStore, parts: Iterable[int]) -> None:
        """Read the points anew, and keep what becomes of these parts of composites."""
        self._history = StoredHistory(store)
        self._kept = dict.fromkeys(parts)

    def reading(self, watched: Watched) -> Reading:
        known = self._readings.get(watched.id)
        if known is None or known[0] is not watched:
            self._readings[watched.id] = known = watched, _reading(watched)
        return known[1]

    def forget_all_but(self, monitors: Container[int]) -> None:
        self._readings = {known: reading for known, reading in self._readings.items() if known in monitors}

    def outcome(self, task: Task) -> Outcome | None:
        """What the evaluations found; None where none is due."""
        try:
            found = self._composite(task) if task.watched.is_composite else self._metric(task)
        except _OUR_FAULTS as error:
            return Outcome(refusal=f"the simulator failed: {type(error).__name__}: {error}")
        if found is None:
            return None
        if isinstance(found, Refusal):
            return Outcome(refusal=found.reason)
        if task.watched.id in self._kept:
            self._kept[task.watched.id] = found
        return Outcome(groups=dict(_group(task, each) for each in found.groups))

    def _metric(self, task: Task) -> Simulation | Refusal | None:
        read, first, last = self.reading(task.watched), task.first, task.last
        if read.monitor is None:
            return Refusal(read.refusal)
        if self._history is None or not len(evaluations(read.monitor, first, last, DEFAULT)):
            return None
        return simulate(
            task.watched.payload,
            self._history.of(task.watched.metrics, first - read.seconds_back, last),
            since=first,
            until=last,
            begin=_begin(task.record),
            downtimes=task.downtimes,
        )

    def _composite(self, task: Task) -> Simulation | Refusal:
        parts: dict[str, Simulation | Refusal] = {}
        for each, record in task.parts:
            parts[str(each.id)] = self._kept.get(each.id) or self._at_rest(each, record)
        return simulate_composite(
            task.watched.payload,
            parts,
            since=task.first,
            until=task.last,
            begin=_begin(task.record),
            downtimes=task.downtimes,
        )

    def _at_rest(self, part: Watched, record: MonitorRecord | None) -> Simulation | Refusal:
        """A part that was not evaluated in these seconds stays as it is; before its first point it has no data."""
        refusal = part.refusal or (record.refusal if record is not None else self.reading(part).refusal)
        if refusal:
            return Refusal(refusal)
        standings: Begin = {} if part.payload["multi"] else {(): _WITHOUT_DATA}
        if record is not None:
            standings = _begin(record) or {}
        groups = (
            GroupTimeline(group=group, begin=standing, end=standing, last=standing.state)
            for group, standing in standings.items()
        )
        return Simulation(since=0, until=0, evaluations=0, groups=tuple(groups))


def _reading(watched: Watched) -> Reading:
    try:
        read = monitor(watched.payload)
        back = seconds_back(read)
        probe = simulate(watched.payload, History(()), since=_SOME_MOMENT, until=_SOME_MOMENT)
    except NotSimulated as error:
        return Reading(None, 0, error.refusal.reason)
    except _OUR_FAULTS as error:
        return Reading(None, 0, f"the simulator failed: {type(error).__name__}: {error}")
    return Reading(None, 0, probe.reason) if isinstance(probe, Refusal) else Reading(read, back)


def _begin(record: MonitorRecord | None) -> Begin | None:
    """Where the groups stand. A monitor's first evaluation knows the groups that it finds."""
    if record is None:
        return None
    found = ((name, _standing(each.standing)) for name, each in record.groups.items())
    return {_tags(name): standing for name, standing in found if standing is not None}


def _standing(text: msgspec.Raw) -> Standing | None:
    """None for what another version, or somebody else, wrote."""
    try:
        return msgspec.json.decode(text, type=Standing)
    except msgspec.DecodeError:
        return None


def _tags(name: str) -> tuple[str, ...]:
    return () if name == UNGROUPED else tuple(name.split(","))


def _group(task: Task, timeline: GroupTimeline) -> tuple[str, GroupOutcome]:
    name = ",".join(timeline.group) or UNGROUPED
    told = sent(task.watched.payload, timeline, _zone) if timeline.notifications else ()
    return name, GroupOutcome(
        status=timeline.last.value,
        is_known=timeline.end.was_evaluated,
        standing=msgspec.Raw(msgspec.json.encode(timeline.end)),
        changes=tuple(Change(each.at, each.after.value, each.before.value) for each in timeline.transitions),
        notifications=tuple(_told(task, each) for each in told),
    )


def _told(task: Task, sent: Sent) -> dict[str, Any]:
    """A notification as the sink shows it. A draft tells nobody."""
    payload, at = task.watched.payload, datetime.fromtimestamp(sent.at, UTC)
    is_muted = sent.muted or payload.get("draft_status") == "draft"
    group = ",".join(sent.group) or UNGROUPED
    event = AlertEvent(state=sent.after, previous=sent.before, at=at, is_renotification=sent.is_renotify)
    tags = frozenset(tag.lower() for tag in (*payload["tags"], *sent.group, f"priority:p{payload.get('priority')}"))
    routed = () if is_muted else handles(task.rules, Arrival(event, tags))
    return {
        "at": at.isoformat(),
        "monitor_id": payload["id"],
        "monitor_name": payload["name"],
        "group": group,
        "status": sent.after.value,
        "previous": sent.before.value,
        "value": sent.value,
        "is_renotify": sent.is_renotify,
        "muted": is_muted,
        "handles": [] if is_muted else list(dict.fromkeys((*sent.told, *routed))),
        "title": title(sent.title, sent.after.value, group, payload=payload, is_renotify=sent.is_renotify),
        "text": sent.text,
    }


def _zone(name: str) -> tzinfo | None:
    found = zone(name)
    return None if isinstance(found, UnknownZone) else found
