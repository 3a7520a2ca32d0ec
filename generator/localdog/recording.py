"""Writes down what the evaluations of a monitor found, all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from generator.localdog.monitor_list import TYPE
from generator.localdog.organisation import Organisation, Payload
from generator.localdog.outcome import GroupOutcome, Outcome, overall
from generator.localdog.routing import Rule
from generator.localdog.silences import of_monitor
from generator.localdog.standing_store import GroupRecord, MonitorRecord
from generator.localdog.store import Store
from generator.localdog.task import Task
from generator.localdog.watched import Watched, watched
from generator.localdog.wire import encode

if TYPE_CHECKING:
    from generator.localdog.numeric.engine import Engine

KEPT_SECONDS = 86_400
NEVER = GroupRecord(status="OK")


@dataclass(frozen=True)
class Work:
    """What is the same for all monitors of a round: the seconds that are due, what mutes, whom rules tell."""

    engine: Engine
    first: int
    last: int
    downtimes: list[Payload]
    rules: tuple[Rule, ...]


def evaluate_monitor(organisation: Organisation, work: Work, monitor: Watched) -> None:
    """Of several servers with one database, the first to come evaluates a moment."""
    store = organisation.store
    with store.transaction():
        if not store.exists(TYPE, monitor.id):
            return
        record = store.standings.find_of(monitor)
        first = work.first if record is None else max(work.first, record.until + 1)
        if first > work.last:
            return
        downtimes, parts = [*work.downtimes, *of_monitor(monitor)], parts_of(store, monitor)
        outcome = work.engine.outcome(Task(monitor, first, work.last, record, downtimes, work.rules, parts))
        if outcome is None:
            return
        after = recorded(record, outcome, work.last)
        store.standings.put(monitor, after)
        sent = [each for group in outcome.groups.values() for each in group.notifications]
        store.standings.tell(
            monitor.id, sorted(sent, key=lambda each: each["at"]), posts=organisation.webhook is not None
        )
        if not outcome.refusal:
            show_state(organisation, monitor.id, after, outcome)


def parts_of(store: Store, composite: Watched) -> list[tuple[Watched, MonitorRecord | None]]:
    found = [store.find(TYPE, part) for part in composite.parts]
    parts = [watched(each.body) for each in found if each is not None]
    return [(each, store.standings.find_of(each)) for each in parts]


def recorded(before: MonitorRecord | None, outcome: Outcome, until: int) -> MonitorRecord:
    """Groups that are no longer looked at are kept until they are forgotten."""
    if outcome.refusal:
        return MonitorRecord(until, {} if before is None else before.groups, outcome.refusal)
    known = {} if before is None else before.groups
    groups = {name: group_recorded(known.get(name, NEVER), found) for name, found in outcome.groups.items()}
    return MonitorRecord(until, groups)


def group_recorded(before: GroupRecord, found: GroupOutcome) -> GroupRecord:
    changed = {
        "last_triggered_ts": [each.at for each in found.changes if each.status in {"Alert", "Warn"}],
        "last_resolved_ts": [each.at for each in found.changes if each.status == "OK"],
        "last_nodata_ts": [each.at for each in found.changes if each.status == "No Data"],
        "last_notified_ts": [seconds(each["at"]) for each in found.notifications if not each["muted"]],
    }
    times = {name: found_at[-1] if found_at else getattr(before, name) for name, found_at in changed.items()}
    return GroupRecord(status=found.status, is_known=found.is_known, standing=found.standing, **times)


def seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())


def show_state(organisation: Organisation, monitor_id: int, record: MonitorRecord, outcome: Outcome) -> None:
    """Put the monitor's state where every read finds it. That a state changed is no modification."""
    found = organisation.store.find(TYPE, monitor_id)
    if found is None:
        return
    monitor: Payload = msgspec.json.decode(found.body)
    state = overall(tuple(each.status for each in record.groups.values() if each.is_known))
    if monitor["overall_state"] == state:
        return
    changes = [each.at for group in outcome.groups.values() for each in group.changes]
    at = datetime.fromtimestamp(max(changes, default=record.until), UTC)
    shown = {**monitor, "overall_state": state, "overall_state_modified": at.isoformat(timespec="seconds")}
    organisation.store.rewrite(TYPE, monitor_id, encode(shown))
