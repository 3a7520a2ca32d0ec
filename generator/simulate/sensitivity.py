"""Whether a simulation depends on what Datadog does not document: it is run under each choice that could matter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct, structs

from generator.query.inspection import calls, has_modifier, leaves
from generator.query.nodes import AsRate, Binary, Fill, Rollup
from generator.simulate.evaluating import simulate
from generator.simulate.expression import DEFAULTS
from generator.simulate.gap import Gap, gap
from generator.simulate.history import Group, History
from generator.simulate.moments import longest_window
from generator.simulate.monitor import Monitor, monitor
from generator.simulate.mutes import Interval
from generator.simulate.rates import RATES
from generator.simulate.refusal import NotSimulated, Refusal
from generator.simulate.settings import DEFAULT, Settings
from generator.simulate.shifts import is_shift
from generator.simulate.smoothing import SMOOTHING
from generator.simulate.timeline import Simulation

# A week in points of five minutes, an hour in such ones.
_MOST_POINTS, _FEWEST_POINTS, _SHORTEST_TRIED = 2016, 12, 300
_PER_TIME = frozenset(("derivative", "per_second", "per_minute", "per_hour"))
_DIFFERENCES = frozenset(RATES) - {"throughput"}


class Difference(Struct, frozen=True, kw_only=True):
    """What another choice of a setting changes; `first_at` is the first moment that differs."""

    setting: str
    chosen: object
    instead: object
    groups_that_differ: int
    notifications_that_differ: int
    first_at: int | None

    @property
    def matters(self) -> bool:
        return self.first_at is not None

    @property
    def words(self) -> str:
        choice = f"`{self.setting}` {self.instead} instead of {self.chosen}"
        if self.first_at is None:
            return f"{choice}: the same states and notifications"
        moment = datetime.fromtimestamp(self.first_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        groups = _counted(self.groups_that_differ, "group")
        sent = _counted(self.notifications_that_differ, "other notification")
        return f"{choice}: other states in {groups}, {sent}, first at {moment}"


class Choice(Struct, frozen=True):
    """The other values of a setting, of which monitors it can change anything, and which of them are worth a try."""

    values: tuple[object, ...]
    can_matter: Callable[[Monitor, Gap], bool]
    fits: Callable[[Monitor, Any], bool] = lambda _, __: True


def sensitivity(  # noqa: PLR0913 - as `simulate`
    payload: Mapping[str, Any],
    history: History,
    *,
    since: int,
    until: int,
    settings: Settings = DEFAULT,
    muted: Sequence[Interval] = (),
    downtimes: Sequence[Mapping[str, Any]] = (),
    known_as: str | None = None,
) -> tuple[Difference, ...] | Refusal:
    """One difference for each other choice that the monitor could depend on, whether it does or not."""

    def run(chosen: Settings) -> Simulation | Refusal:
        return simulate(
            payload,
            history,
            since=since,
            until=until,
            settings=chosen,
            muted=muted,
            downtimes=downtimes,
            known_as=known_as,
        )

    base = run(settings)
    if isinstance(base, Refusal):
        return base
    found = []
    for name, value in _other_choices(payload, settings):
        other = run(structs.replace(settings, **{name: value}))
        if isinstance(other, Simulation):
            found.append(_difference(base, other, setting=name, chosen=getattr(settings, name), instead=value))
    return tuple(found)


def _other_choices(payload: Mapping[str, Any], settings: Settings) -> Sequence[tuple[str, object]]:
    try:
        read = monitor(payload)
    except NotSimulated:
        return ()
    missing = gap(read, settings)
    return [
        (name, value)
        for name, choice in CHOICES.items()
        if choice.can_matter(read, missing)
        for value in choice.values
        if value != getattr(settings, name) and choice.fits(read, value)
    ]


def _difference(base: Simulation, other: Simulation, *, setting: str, chosen: object, instead: object) -> Difference:
    first, second = _states(base), _states(other)
    changed = {
        group: differing
        for group in first.keys() | second.keys()
        if (differing := first.get(group, _NONE) ^ second.get(group, _NONE))
    }
    sent = _sent(base) ^ _sent(other)
    return Difference(
        setting=setting,
        chosen=chosen,
        instead=instead,
        groups_that_differ=len(changed),
        notifications_that_differ=len(sent),
        first_at=min((each[0] for each in [*sent, *frozenset[Any]().union(*changed.values())]), default=None),
    )


_Changes = frozenset[tuple[int, str]]
_NONE: _Changes = frozenset()


def _states(simulation: Simulation) -> dict[Group, _Changes]:
    return {
        each.group: frozenset((_minute(one.at), one.after.value) for one in each.transitions)
        for each in simulation.groups
        if each.transitions
    }


def _sent(simulation: Simulation) -> set[tuple[int, Group, str, bool]]:
    return {(_minute(each.at), group, each.after.value, each.is_renotify) for group, each in simulation.notifications}


def _minute(at: int) -> int:
    """So that another second of the same evaluation is no difference."""
    return at // 60 * 60


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _calls(names: frozenset[str]) -> Callable[[Monitor, Gap], bool]:
    return lambda read, _: any(each.name in names for each in calls(read.expression))


def _chooses_buckets(read: Monitor, _: Gap) -> bool:
    modifiers = (each for leaf in leaves(read.expression) for each in leaf.modifiers)
    return not any(isinstance(each, Rollup) and each.interval is not None for each in modifiers)


def _may_interpolate(read: Monitor, _: Gap) -> bool:
    return any(not any(isinstance(each, Fill) for each in leaf.modifiers) for leaf in leaves(read.expression))


def _may_draw_lines(read: Monitor, _: Gap) -> bool:
    fills = [[each.method for each in leaf.modifiers if isinstance(each, Fill)] for leaf in leaves(read.expression)]
    return any(not methods or "linear" in methods for methods in fills)


def _fits_window(read: Monitor, seconds: int) -> bool:
    """Neither so few points nor so many that nobody would take them."""
    window = longest_window(read)
    return window <= seconds * _MOST_POINTS and seconds <= max(_SHORTEST_TRIED, window // _FEWEST_POINTS)


def _is_grouped(read: Monitor) -> bool:
    return any(leaf.group_by for leaf in leaves(read.expression))


def _mixes_groups(read: Monitor, _: Gap) -> bool:
    return isinstance(read.expression, Binary) and len({bool(leaf.group_by) for leaf in leaves(read.expression)}) > 1


def _is_silent(read: Monitor, _: Gap) -> bool:
    return read.missing is None and not read.notifies_no_data


CHOICES: dict[str, Choice] = {
    "bucket_seconds": Choice((20, 60, 300, 600, 900, 1800, 3600, 14_400), _chooses_buckets, _fits_window),
    "edge_buckets": Choice(("started", "touched", "complete"), _chooses_buckets),
    "evaluation_second": Choice((30,), lambda _, __: True),
    "cumulative_evaluations": Choice(
        ("by_length", "every_minute"), lambda read, _: read.window_seconds is None and read.custom_schedule is None
    ),
    "scheduled_delay": Choice(
        ("earlier", "ignored"), lambda read, _: read.custom_schedule is not None and read.delay > 0
    ),
    "first_difference": Choice(("before", "nothing"), _calls(_DIFFERENCES)),
    "first_points": Choice(("before", "window", "nothing"), _calls(frozenset(SMOOTHING))),
    "falling_rates": Choice(("negative", "nothing"), _calls(_PER_TIME)),
    "unchanged": Choice(("zero", "nothing"), _calls(frozenset({"monotonic_diff"}))),
    "interpolated": Choice(("groups", "queries"), _may_interpolate),
    "last_point": Choice(("goes_on", "nothing"), _may_draw_lines),
    "default_zero_alone": Choice(("value", "nothing"), _calls(DEFAULTS)),
    "unaligned_shift": Choice(
        ("earlier", "nothing"), lambda read, _: any(is_shift(each) for each in calls(read.expression))
    ),
    "short_months": Choice(("last_day", "after"), _calls(frozenset({"calendar_shift"}))),
    "rates_as_rate": Choice(("sum", "avg"), lambda read, _: has_modifier(read.expression, AsRate)),
    "mixed_counts": Choice(("totals", "points"), lambda read, _: read.totals_first and read.mixes_counts),
    "formulas": Choice(("queries_first", "points_first"), lambda read, _: read.is_formula),
    "ungrouped_operand": Choice(("each", "nothing"), _mixes_groups),
    "full_window_of": Choice(("result", "metrics"), lambda read, _: read.full_window),
    "new_group_delay": Choice((0, 60, 300), lambda read, _: _is_grouped(read) and read.new_group_delay is None),
    "older_missing_data": Choice(("keep", "zero", "show"), _is_silent),
    "no_data_windows": Choice(
        (1, 2), lambda read, _: read.missing is None and read.notifies_no_data and read.no_data_minutes is None
    ),
    "sums_without_data": Choice(("zero", "keep"), lambda read, _: read.counts == "perhaps"),
    "shifted_counts": Choice(
        ("zero", "keep"),
        lambda read, _: (
            read.counts != "no"
            and read.missing in (None, "default")
            and any(is_shift(each) for each in calls(read.expression))
        ),
    ),
    "auto_resolve": Choice(("alerts", "any_state"), lambda _, missing: missing.resolves_after is not None),
    "alert_after_silent_gap": Choice(
        ("told", "not_told"), lambda _, missing: missing.state is not None and not missing.tells
    ),
    "merged_notifications": Choice(("worst", "each"), lambda read, _: read.notify_by is not None),
    "renotify_for_hours": Choice((30, None), lambda read, _: bool(read.renotify.interval)),
}
