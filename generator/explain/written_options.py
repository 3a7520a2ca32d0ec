"""Back from Datadog's options to what people write for them. What cannot be read so is left out, and never raised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.query.nodes import MonitorQuery
from generator.query.parser import parse_metric_monitor
from generator.query.printer import print_query

_UNITS = ((3600, "h"), (60, "m"), (1, "s"))


def written_options(options: Mapping[str, Any], written: Mapping[str, Any]) -> dict[str, Any]:
    """The options that bear another name in the YAML, or another unit; `written` are the fields that it has."""
    delays = {name: _duration(options.get(name, 0)) for name in ("evaluation_delay", "new_group_delay")}
    return {
        "thresholds": _thresholds(options.get("thresholds"), written.get("thresholds")),
        **delays,
        **_renotification(options),
        **_windows(options.get("threshold_windows")),
        **_scheduling(options.get("scheduling_options")),
    }


def thresholds_and_window(monitor: Mapping[str, Any]) -> dict[str, Any]:
    """Of a monitor whose query a kind makes of these."""
    query, thresholds = parse_metric_monitor(str(monitor["query"])), monitor["options"].get("thresholds")
    if not isinstance(query, MonitorQuery) or not isinstance(thresholds, dict):
        return {}
    return {"thresholds": thresholds, "window": _window(print_query(query.aggregation.window))}


def _window(text: object) -> str:
    return str(text).removeprefix("last_")


def _thresholds(found: Any, written: Any) -> dict[str, Any]:
    """The critical one is the query's number, and stands here too only where it stood."""
    is_written = isinstance(written, dict) and "critical" in written
    thresholds = found if isinstance(found, dict) else {}
    return {name: value for name, value in thresholds.items() if name != "critical" or is_written}


def _renotification(options: Mapping[str, Any]) -> dict[str, Any]:
    every, times, states = (options.get(f"renotify_{name}") for name in ("interval", "occurrences", "statuses"))
    if not isinstance(every, int):
        return {}
    given = {"times": times, "for": states}
    return {"renotify": {"every": _duration(every * 60)} | {key: each for key, each in given.items() if each}}


def _windows(windows: Any) -> dict[str, Any]:
    if not isinstance(windows, dict):
        return {}
    return {"threshold_windows": {name: _window(windows.get(f"{name}_window")) for name in ("trigger", "recovery")}}


def _scheduling(scheduling: Any) -> dict[str, Any]:
    if not isinstance(scheduling, dict):
        return {}
    window, schedule = scheduling.get("evaluation_window"), scheduling.get("custom_schedule")
    if isinstance(window, dict):
        return {"evaluation_window": window}
    recurrences = schedule.get("recurrences") if isinstance(schedule, dict) else None
    only = recurrences[0] if isinstance(recurrences, list) and len(recurrences) == 1 else None
    return {"custom_schedule": only} if isinstance(only, dict) else {}


def _duration(seconds: Any) -> Any:
    """In the largest unit up to hours that divides it."""
    if not isinstance(seconds, int) or not seconds:
        return seconds or "0s"
    size, unit = next((size, unit) for size, unit in _UNITS if not seconds % size)
    return f"{seconds // size}{unit}"
