"""A composite monitor over the states of its parts (https://docs.datadoghq.com/monitors/types/composite/)."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from generator.message.event import State
from generator.query.nodes import Both, CompositeQuery, Either, Inverse, MonitorId, Operand
from generator.query.parser import parse_monitor
from generator.simulate.conditions import CRITICAL, NO_DATA, QUIET, SKIPPED, WARNING, Flags
from generator.simulate.course import Rules
from generator.simulate.downtimes import Silence, matching
from generator.simulate.gap import Gap
from generator.simulate.history import Group, Times
from generator.simulate.monitor import renotify
from generator.simulate.mutes import Interval, plainly
from generator.simulate.refusal import NotSimulated, Refusal
from generator.simulate.settings import DEFAULT, Settings
from generator.simulate.states import timeline
from generator.simulate.timeline import GroupTimeline, Simulation, Standing

Codes = NDArray[np.uint8]
_OK, _SILENT_NO_DATA, _NO_DATA, _WARNING, _ALERT = range(5)
_CODES = {State.OK: _OK, State.NO_DATA: _NO_DATA, State.WARNING: _WARNING, State.ALERT: _ALERT}
_HOUR, _MINUTE = 3600, 60
_MOST_CHOICES = 1000
_UNTOLD = Standing(was_evaluated=True)


def simulate_composite(  # noqa: PLR0913 - the span, and what decides beside the payload
    payload: Mapping[str, Any],
    parts: Mapping[str, Simulation | Refusal],
    *,
    since: int,
    until: int,
    settings: Settings = DEFAULT,
    muted: Sequence[Interval] = (),
    downtimes: Sequence[Mapping[str, Any]] = (),
    known_as: str | None = None,
    begin: Mapping[Group, Standing] | None = None,
) -> Simulation | Refusal:
    """The composite once a minute; `parts` by what its query calls them, an id or a reference's path.

    Downtimes of the parts do not matter to it, only its own do. `begin` continues from where an earlier simulation
    left its groups.
    """
    try:
        tree = _tree(payload)
        found = {name: _part(name, parts) for name in dict.fromkeys(_names(tree))}
        name = str(payload.get("id")) if known_as is None else known_as
        silence = Silence(plainly(muted), matching(payload, name, downtimes, since=since, until=until), frozenset())
        first = since + (settings.evaluation_second - since) % _MINUTE
        moments = np.arange(first, until + 1, _MINUTE, dtype=np.int64)
        groups = common_groups([each.groups for each in found.values()]) if len(moments) else ()
    except NotSimulated as error:
        return error.refusal
    options = payload.get("options")
    read = _Composite(tree, tuple(found), options if isinstance(options, Mapping) else {}, settings)
    timelines = tuple(
        read.timeline(group, sources, moments, silence, (begin or {}).get(group, _UNTOLD)) for group, sources in groups
    )
    return Simulation(since=since, until=until, evaluations=len(moments), groups=timelines)


class _Composite(Struct, frozen=True):
    tree: Operand
    names: tuple[str, ...]
    options: Mapping[str, Any]
    settings: Settings

    def timeline(
        self, group: Group, sources: Sequence[GroupTimeline], moments: Times, silence: Silence, begin: Standing
    ) -> GroupTimeline:
        states = {name: _states(each, moments) for name, each in zip(self.names, sources, strict=True)}
        flags = _flags(combined(self.tree, states), notifies_no_data=self.options.get("notify_no_data") is True)
        values = np.full(len(moments), np.nan)
        mutes = silence.of(group)
        return timeline(group, self._rules, moments=moments, flags=flags, values=values, mutes=mutes, begin=begin)

    @property
    def _rules(self) -> Rules:
        hours = self.options.get("timeout_h")
        resolves = hours * _HOUR if isinstance(hours, int) and 0 < hours <= 24 else None
        return Rules(
            gap=Gap(
                state=State.NO_DATA,
                resolves_after=resolves,
                resolves_no_data=self.settings.auto_resolve == "any_state",
            ),
            renotify=renotify(self.options),
            renotify_for_hours=self.settings.renotify_for_hours,
            tells_alert_after_silent_gap=self.settings.alert_after_silent_gap == "told",
        )


def combined(operand: Operand, states: Mapping[str, Codes]) -> Codes:
    """`&&` is the least severe where all are worth an alert, `||` the most severe, and `!` keeps No Data
    (https://docs.datadoghq.com/monitors/types/composite/#computing-trigger-conditions).
    """
    if isinstance(operand, Inverse):
        inner = combined(operand.operand, states)
        return np.where(inner == _OK, np.uint8(_ALERT), np.where(inner >= _WARNING, np.uint8(_OK), inner))
    if isinstance(operand, Both | Either):
        choose = np.minimum if isinstance(operand, Both) else np.maximum
        return functools.reduce(choose, (combined(each, states) for each in operand.operands))
    return states[_name(operand)]


def common_groups(parts: Sequence[Sequence[GroupTimeline]]) -> tuple[tuple[Group, tuple[GroupTimeline, ...]], ...]:
    """The groups that all grouped parts have, by the values of their tags; those of the part with most keys.

    A part without groups belongs to every one (https://docs.datadoghq.com/monitors/types/composite/#common-reporting-sources).
    """
    widest = max(parts, key=_width)
    finders = [_finder(part) for part in parts]
    found = []
    for each in widest:
        sources = [finder(each.group) for finder in finders]
        if None not in sources:
            found.append((each.group, tuple(source for source in sources if source is not None)))
    return tuple(found)


def _finder(part: Sequence[GroupTimeline]) -> Callable[[Group], GroupTimeline | None]:
    width = _width(part)
    by_values = {frozenset(_values(each.group)): each for each in reversed(part)}

    def find(group: Group) -> GroupTimeline | None:
        values = _values(group)
        if math.comb(len(values), min(width, len(values))) > _MOST_CHOICES:
            raise NotSimulated("a composite of groups of so many keys")
        chosen = itertools.combinations(values, width)
        return next((by_values[key] for each in chosen if (key := frozenset(each)) in by_values), None)

    return find


def _width(part: Sequence[GroupTimeline]) -> int:
    return max((len(each.group) for each in part), default=0)


def _values(group: Group) -> tuple[str, ...]:
    return tuple(tag.partition(":")[2] for tag in group)


def _tree(payload: Mapping[str, Any]) -> Operand:
    query = parse_monitor("composite", str(payload.get("query") or "")) if payload.get("type") == "composite" else None
    if not isinstance(query, CompositeQuery):
        raise NotSimulated("no composite monitor that can be read")
    return query.tree


def _part(name: str, parts: Mapping[str, Simulation | Refusal]) -> Simulation:
    found = parts.get(name)
    if found is None:
        raise NotSimulated(f"its part `{name}` is not there")
    if isinstance(found, Refusal):
        raise NotSimulated(f"its part `{name}`: {found.reason}")
    return found


def _names(operand: Operand) -> Iterator[str]:
    if isinstance(operand, Inverse):
        yield from _names(operand.operand)
    elif isinstance(operand, Both | Either):
        for each in operand.operands:
            yield from _names(each)
    else:
        yield _name(operand)


def _name(operand: Operand) -> str:
    return str(operand.number) if isinstance(operand, MonitorId) else getattr(operand, "path", "")


def _states(source: GroupTimeline, moments: Times) -> Codes:
    begin = _SILENT_NO_DATA if source.begin.is_silent else _CODES.get(source.begin.state, _OK)
    codes = [
        _SILENT_NO_DATA if each.after is State.NO_DATA and each.is_silent else _CODES.get(each.after, _OK)
        for each in source.transitions
    ]
    times = np.array([each.at for each in source.transitions], dtype=np.int64)
    return np.array([begin, *codes], dtype=np.uint8)[np.searchsorted(times, moments, side="right")]


def _flags(codes: Codes, *, notifies_no_data: bool) -> Flags:
    """Without `notify_no_data` the last known state stays; to be told, a part must tell of missing data too."""
    table = (
        [0, NO_DATA | QUIET, NO_DATA, WARNING, CRITICAL]
        if notifies_no_data
        else [0, SKIPPED, SKIPPED, WARNING, CRITICAL]
    )
    return np.array(table, dtype=np.uint8)[codes]
