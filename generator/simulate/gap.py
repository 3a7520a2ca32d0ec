"""What missing data means to a monitor."""

from __future__ import annotations

from msgspec import Struct

from generator.message.event import State
from generator.query.inspection import calls
from generator.simulate.monitor import Monitor
from generator.simulate.settings import Settings
from generator.simulate.shifts import is_shift

_HOUR = 3600


class Gap(Struct, frozen=True, kw_only=True):
    """What becomes of a group `seconds` after its first evaluation without data: a state (None: it keeps its own).

    `tells` is whether somebody hears of it. `resolves_after` so many seconds what is triggered ends by itself, with
    `resolves_no_data` No Data too.
    """

    state: State | None = None
    seconds: int = 0
    tells: bool = True
    resolves_after: int | None = None
    resolves_no_data: bool = False


def gap(monitor: Monitor, settings: Settings) -> Gap:
    """https://docs.datadoghq.com/monitors/configuration/#no-data and, of older options,
    https://docs.datadoghq.com/monitors/guide/monitor_api_options/.
    """
    state, seconds, tells = _change(monitor, settings)
    hours = monitor.resolve_after_hours
    return Gap(
        state=state,
        seconds=seconds,
        tells=tells,
        resolves_after=hours * _HOUR if hours else None,
        resolves_no_data=settings.auto_resolve == "any_state",
    )


def zero_without_data(monitor: Monitor, settings: Settings) -> bool:
    """Whether counts without data are evaluated as 0 (https://docs.datadoghq.com/monitors/configuration/#no-data)."""
    if monitor.counts == "no" or (monitor.counts == "perhaps" and settings.sums_without_data == "keep"):
        return False
    if settings.shifted_counts == "keep" and any(map(is_shift, calls(monitor.expression))):
        return False
    if monitor.missing is None:
        return not monitor.notifies_no_data and settings.older_missing_data == "zero"
    return monitor.missing == "default"


def _change(monitor: Monitor, settings: Settings) -> tuple[State | None, int, bool]:
    if monitor.missing is None:
        if monitor.notifies_no_data or settings.older_missing_data == "show":
            return State.NO_DATA, _older_seconds(monitor, settings), monitor.notifies_no_data
        return None, 0, False
    if monitor.missing == "default":
        return None, 0, False
    if monitor.missing == "resolve":
        return State.OK, 0, True
    return State.NO_DATA, 0, monitor.missing == "show_and_notify_no_data"


def _older_seconds(monitor: Monitor, settings: Settings) -> int:
    """The time without data starts with the last point, which is a window before the first evaluation without."""
    window = monitor.window_seconds
    if monitor.no_data_minutes is not None:
        return max(0, monitor.no_data_minutes * 60 - (window or 0))
    return (settings.no_data_windows - 1) * (window or 0)
