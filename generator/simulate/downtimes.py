"""Downtimes that match a monitor, as what they mute of each group (https://docs.datadoghq.com/monitors/downtimes/)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from generator.message.event import State
from generator.query.inspection import leaves
from generator.query.nodes import AllOf, Expression, Scope, Tag, Terms
from generator.schedule.rules import rule_problem
from generator.schedule.silent_times import parsed_instant, silent_times
from generator.schedule.zones import UnknownZone, zone
from generator.simulate.group_scope import scope_matcher
from generator.simulate.history import Group
from generator.simulate.mutes import Mute, Mutes, mutes
from generator.simulate.refusal import NotSimulated
from generator.simulate.scopes import Tags

_STATES = {"alert": State.ALERT, "warn": State.WARNING, "no data": State.NO_DATA}
_MOST_RECURRENCES = 5


@dataclass(frozen=True, slots=True)
class Downtime:
    """Which groups it mutes, and when."""

    matches: Callable[[Tags], bool]
    times: tuple[Mute, ...]


@dataclass(frozen=True, slots=True)
class Silence:
    """Everything that mutes a monitor; `tags` are those that each of its groups has by the scope of its query."""

    always: tuple[Mute, ...]
    downtimes: tuple[Downtime, ...]
    tags: Tags

    def of(self, group: Group) -> Mutes:
        tags = self.tags.union(group)
        return mutes([*self.always, *(mute for each in self.downtimes if each.matches(tags) for mute in each.times)])


def matching(
    payload: Mapping[str, Any],
    known_as: str,
    downtimes: Sequence[Mapping[str, Any]],
    *,
    since: int,
    until: int,
) -> tuple[Downtime, ...]:
    """Those of the attributes of downtimes that name the monitor by its id, or by tags that it has all of."""
    return tuple(_downtime(each, since, until) for each in downtimes if _is_named(payload, known_as, each))


def scope_tags(expression: Expression) -> Tags:
    """The tags that all metrics of a query are filtered by: a downtime's scope may name them too
    (https://docs.datadoghq.com/monitors/guide/scoping_downtimes/).
    """
    found = [frozenset(_required(leaf.scope)) for leaf in leaves(expression)]
    return frozenset.intersection(*found) if found else frozenset()


def _required(scope: Scope) -> Iterator[str]:
    for each in scope.operands if isinstance(scope, Terms | AllOf) else (scope,):
        if isinstance(each, Tag) and each.value is not None and "*" not in each.value:
            yield f"{each.key}:{each.value}".lower()


def _is_named(payload: Mapping[str, Any], known_as: str, downtime: Mapping[str, Any]) -> bool:
    identifier = downtime.get("monitor_identifier")
    found = identifier if isinstance(identifier, Mapping) else {}
    if found.get("monitor_id") is not None:
        return str(found["monitor_id"]) == known_as
    wanted, tags = found.get("monitor_tags"), payload.get("tags")
    own = set(map(str, tags)) if isinstance(tags, list) else set()
    return isinstance(wanted, list) and bool(wanted) and all(str(tag) == "*" or str(tag) in own for tag in wanted)


def _downtime(payload: Mapping[str, Any], since: int, until: int) -> Downtime:
    schedule = payload.get("schedule")
    _refuse_unreadable(schedule)
    canceled = parsed_instant(payload.get("canceled"))
    created = parsed_instant(payload.get("created")) or _instant(since)
    found = silent_times(schedule, since=max(created, _instant(since)), until=_instant(until))
    ends = [_cut(start, end, canceled) for start, end in found]
    return Downtime(
        matches=scope_matcher(str(payload.get("scope") or "*")),
        times=tuple(_mute(payload, start, end, kind) for start, end, kind in ends if start < end),
    )


def _cut(start: datetime, end: datetime, canceled: datetime | None) -> tuple[datetime, datetime, str]:
    return (start, canceled, "canceled") if canceled is not None and canceled < end else (start, end, "expired")


def _mute(payload: Mapping[str, Any], start: datetime, end: datetime, kind: str) -> Mute:
    types, states = payload.get("notify_end_types"), payload.get("notify_end_states")
    told = [str(each) for each in states] if isinstance(states, list) else list(_STATES)
    is_told = kind in types if isinstance(types, list) else kind == "expired"
    return Mute(
        int(start.timestamp()),
        int(end.timestamp()),
        frozenset(_STATES[each] for each in told if each in _STATES) if is_told else frozenset(),
        mutes_first_recovery=payload.get("mute_first_recovery_notification") is True,
    )


def _refuse_unreadable(schedule: object) -> None:
    found = schedule if isinstance(schedule, Mapping) else {}
    recurrences = found.get("recurrences")
    if not recurrences:
        return
    if isinstance(recurrences, list) and len(recurrences) > _MOST_RECURRENCES:
        raise NotSimulated(
            f"a downtime of {len(recurrences):,} recurrences: {_MOST_RECURRENCES} is the most there can be"
        )
    where = zone(str(found.get("timezone") or "UTC"))
    if isinstance(where, UnknownZone):
        raise NotSimulated(f"a downtime: {where.message}")
    for each in recurrences if isinstance(recurrences, list) else ():
        problem = rule_problem(str(each.get("rrule") or "")) if isinstance(each, Mapping) else None
        if problem is not None:
            raise NotSimulated(f"a downtime: {problem.message}")


def _instant(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)
