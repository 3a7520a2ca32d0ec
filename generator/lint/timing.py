"""What rules on times share: when a monitor looks, and how far back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from generator.lint.rendered import RenderedMonitor
from generator.lint.shifting import DAY_SECONDS
from generator.query.nodes import MonitorQuery, Rollup
from generator.query.windows import window_minutes

_CALENDAR_ROLLUPS: Final = {"daily": 1, "weekly": 7, "monthly": 28, "yearly": 365}


def delay_seconds(monitor: RenderedMonitor) -> float:
    """The evaluation delay, 0 without one."""
    delay = monitor.options.get("evaluation_delay")
    return delay if isinstance(delay, int | float) and not isinstance(delay, bool) and delay > 0 else 0


def is_scheduled(monitor: RenderedMonitor) -> bool:
    """Whether it looks at times of its own, or at a window with a fixed start."""
    scheduling = monitor.options.get("scheduling_options")
    return isinstance(scheduling, Mapping) and any(map(scheduling.get, ("custom_schedule", "evaluation_window")))


def window_seconds(query: MonitorQuery) -> float:
    """How long the evaluation window is; 0 for one that grows or lies ahead."""
    window = query.aggregation.window
    return window_minutes(window) * 60 if window.kind == "last" else 0


def rollup_seconds(rollup: Rollup) -> float:
    """0 where the rollup leaves it to Datadog."""
    if isinstance(rollup.interval, str):
        return _CALENDAR_ROLLUPS.get(rollup.interval, 0) * DAY_SECONDS
    return rollup.interval or 0


def compares_times(monitor: RenderedMonitor) -> bool:
    """Whether it sets metrics of one time against metrics of another."""
    shifts = monitor.leaf_shifts
    return len(shifts) > 1 and any(shift != shifts[0][1] for _, shift in shifts)
