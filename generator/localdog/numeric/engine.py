"""Evaluates one monitor after the other over what intake stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any

import msgspec

from generator.localdog.numeric.looking_back import seconds_back
from generator.localdog.numeric.stored_history import StoredHistory
from generator.localdog.organisation import Payload
from generator.localdog.outcome import UNGROUPED, Change, GroupOutcome, Outcome
from generator.localdog.series_store import SeriesStore
from generator.localdog.standing_store import MonitorRecord
from generator.localdog.titles import title
from generator.localdog.watched import Watched
from generator.schedule.zones import UnknownZone, zone
from generator.simulate.evaluating import simulate
from generator.simulate.history import History
from generator.simulate.moments import evaluations
from generator.simulate.monitor import Monitor, monitor
from generator.simulate.refusal import NotSimulated, Refusal
from generator.simulate.settings import DEFAULT
from generator.simulate.telling import Sent, sent
from generator.simulate.timeline import GroupTimeline, Standing

Begin = dict[tuple[str, ...], Standing]
# One monitor that it cannot cope with must not end the evaluation of all others.
_OUR_FAULTS = (ArithmeticError, LookupError, ValueError, TypeError, RecursionError, MemoryError)
_SOME_MOMENT = 1_700_000_000


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

    def begin(self, store: SeriesStore) -> None:
        """Read the points anew."""
        self._history = StoredHistory(store)

    def reading(self, watched: Watched) -> Reading:
        known = self._readings.get(watched.id)
        if known is None or known[0] is not watched:
            self._readings[watched.id] = known = watched, _reading(watched)
        return known[1]

    def outcome(
        self, watched: Watched, first: int, last: int, *, record: MonitorRecord | None, downtimes: Sequence[Payload]
    ) -> Outcome | None:
        """What the evaluations from `first` to `last` found; None where none is due."""
        read = self.reading(watched)
        if read.monitor is None:
            return Outcome(refusal=read.refusal)
        if self._history is None or not len(evaluations(read.monitor, first, last, DEFAULT)):
            return None
        history = self._history.of(watched.metrics, first - read.seconds_back, last)
        try:
            found = simulate(
                watched.payload, history, since=first, until=last, begin=_begin(record), downtimes=downtimes
            )
        except _OUR_FAULTS as error:
            return Outcome(refusal=f"the simulator failed: {type(error).__name__}: {error}")
        if isinstance(found, Refusal):
            return Outcome(refusal=found.reason)
        return Outcome(groups=dict(_group(watched.payload, each) for each in found.groups))


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


def _group(payload: Mapping[str, Any], timeline: GroupTimeline) -> tuple[str, GroupOutcome]:
    name = ",".join(timeline.group) or UNGROUPED
    return name, GroupOutcome(
        status=timeline.last.value,
        is_known=timeline.end.was_evaluated,
        standing=msgspec.Raw(msgspec.json.encode(timeline.end)),
        changes=tuple(Change(each.at, each.after.value, each.before.value) for each in timeline.transitions),
        notifications=tuple(_told(payload, each) for each in sent(payload, timeline, _zone))
        if timeline.notifications
        else (),
    )


def _told(payload: Mapping[str, Any], sent: Sent) -> dict[str, Any]:
    """A notification as the sink shows it."""
    group = ",".join(sent.group) or UNGROUPED
    return {
        "at": datetime.fromtimestamp(sent.at, UTC).isoformat(),
        "monitor_id": payload["id"],
        "monitor_name": payload["name"],
        "group": group,
        "status": sent.after.value,
        "previous": sent.before.value,
        "value": sent.value,
        "is_renotify": sent.is_renotify,
        "muted": sent.muted,
        "handles": list(sent.told),
        "title": title(sent.title, sent.after.value, group, options=payload["options"], is_renotify=sent.is_renotify),
        "text": sent.text,
    }


def _zone(name: str) -> tzinfo | None:
    found = zone(name)
    return None if isinstance(found, UnknownZone) else found
