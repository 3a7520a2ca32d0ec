"""Notifications of several groups at once: `notify_by`
(https://docs.datadoghq.com/monitors/configuration/#notification-grouping).

How Datadog tells of a second group that joins an alert is not documented: a setting decides.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from msgspec import structs

from generator.message.event import State
from generator.simulate.history import Group
from generator.simulate.monitor import Renotify
from generator.simulate.settings import Settings
from generator.simulate.timeline import GroupTimeline, Notification

_SEVERITY = {State.OK: 0, State.NO_DATA: 1, State.WARNING: 2, State.ALERT: 3}
_BY_SEVERITY = (State.ALERT, State.WARNING, State.NO_DATA)


def merged(
    timelines: Sequence[GroupTimeline], keys: tuple[str, ...], renotify: Renotify, settings: Settings
) -> tuple[GroupTimeline, ...]:
    """Each notification stays with the group that brought it, and names what it tells of."""
    parts: defaultdict[Group, list[GroupTimeline]] = defaultdict(list)
    for each in timelines:
        parts[tuple(tag for tag in each.group if tag.partition(":")[0] in keys)].append(each)
    told: defaultdict[Group, list[Notification]] = defaultdict(list)
    for group, those in parts.items():
        for source, notification in _Several(those, renotify, settings).told():
            told[source].append(structs.replace(notification, group=group))
    return tuple(
        structs.replace(each, notifications=tuple(told[each.group])) if each.notifications else each
        for each in timelines
    )


@dataclass(slots=True)
class _Several:
    """The groups that are told of as one, which is in the worst of their states that somebody was told of."""

    timelines: Sequence[GroupTimeline]
    renotify: Renotify
    settings: Settings
    told_states: dict[Group, State] = field(default_factory=dict)
    counts: Counter[State] = field(default_factory=Counter)
    told_at: int = 0
    reminders: int = 0

    def told(self) -> Iterator[tuple[Group, Notification]]:
        self.told_states = {each.group: each.begin.told for each in self.timelines}
        self.counts.update(self.told_states.values())
        self.told_at = max(each.begin.reminded for each in self.timelines)
        self.reminders = min(each.begin.reminders for each in self.timelines)
        sent = [(each.group, one) for each in self.timelines for one in each.notifications]
        sent.sort(key=lambda pair: (pair[1].at, -_SEVERITY.get(pair[1].after, 0)))
        for at, together in itertools.groupby(sent, key=lambda pair: pair[1].at):
            found = self._at_once(list(together))
            if found is not None:
                self.told_at = at
                yield found

    def _at_once(self, together: Sequence[tuple[Group, Notification]]) -> tuple[Group, Notification] | None:
        """What is told of a moment's notifications, the most severe of which come first."""
        before = self._worst()
        heard = [(group, one) for group, one in together if not one.muted]
        changes = [(group, one) for group, one in heard if not one.is_renotify]
        for group, one in changes:
            self._take(group, one.after)
        after = self._worst()
        if after is not before:
            self.reminders = 0
            group, one = next((pair for pair in changes if pair[1].after is after), changes[0])
            return group, structs.replace(one, before=before, after=after)
        extra = [pair for pair in changes if pair[1].ends_downtime or self.settings.merged_notifications == "each"]
        if extra:
            return extra[0]
        if heard and not changes:
            return self._reminder(*heard[0])
        return next((pair for pair in together if pair[1].muted and self._is_worse(pair[1].after)), None)

    def _take(self, group: Group, state: State) -> None:
        self.counts[self.told_states[group]] -= 1
        self.counts[state] += 1
        self.told_states[group] = state

    def _worst(self) -> State:
        return next((state for state in _BY_SEVERITY if self.counts[state]), State.OK)

    def _is_worse(self, state: State) -> bool:
        return _SEVERITY.get(state, 0) > _SEVERITY[self._worst()]

    def _reminder(self, group: Group, one: Notification) -> tuple[Group, Notification] | None:
        most = self.renotify.occurrences
        is_due = one.at - self.told_at >= self.renotify.interval * 60 and one.after is self._worst()
        if not is_due or (most is not None and self.reminders >= most):
            return None
        self.reminders += 1
        return group, one
