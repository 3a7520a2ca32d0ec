"""A number lies outside of what Datadog takes, so that the sync fails at this monitor.

The limits are those of https://docs.datadoghq.com/api/latest/monitors/: a priority from 1 to 5, an evaluation delay of
at most a day, at most 80 tags (https://docs.datadoghq.com/monitors/manage/#monitor-tags). None of the others is
below 0. `kind: metric` takes durations and refuses most of this itself; a raw monitor takes any number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.explain.durations import duration_text
from generator.finding import Severity
from generator.lint.rendered import RenderedMonitor
from generator.lint.rule import Complaint, Field

SEVERITY = Severity.ERROR
REACH = "resource"

_DAY_SECONDS = 86_400
_MOST_TAGS = 80
_PRIORITIES = (0, 5)  # Datadog takes 0 for none
_OPTIONS: Mapping[str, tuple[int, int | None]] = {
    "evaluation_delay": (0, _DAY_SECONDS),
    "new_group_delay": (0, None),
    "new_host_delay": (0, None),
    "no_data_timeframe": (0, None),
    "renotify_interval": (0, None),
    "renotify_occurrences": (0, None),
    "timeout_h": (0, None),
    "min_failure_duration": (0, 7200),
    "min_location_failed": (0, None),
}
_SECONDS = frozenset({"evaluation_delay"})


def findings(monitor: RenderedMonitor) -> Iterator[Complaint]:
    payload, options = monitor.resource.payload, monitor.options
    if "priority" in payload:
        yield from _outside(payload["priority"], _PRIORITIES, ("priority",))
    for name, limits in _OPTIONS.items() if options else ():
        if name in options:
            yield from _outside(options[name], limits, ("options", name))
    tags = payload.get("tags")
    if isinstance(tags, list) and len(tags) > _MOST_TAGS:
        yield Complaint(f"there are {len(tags)} tags", ("tags",), hint=f"Datadog takes {_MOST_TAGS} at most")


def _outside(value: Any, limits: tuple[int, int | None], field: Field) -> Iterator[Complaint]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    least, most = limits
    if value < least or (most is not None and value > most):
        name = str(field[-1])
        allowed = (
            f"{max(least, 1) if name == 'priority' else least} or more" if most is None else _between(name, limits)
        )
        yield Complaint(f"`{name}` is `{value}`", field, hint=f"write {allowed}")


def _between(name: str, limits: tuple[int, int | None]) -> str:
    least, most = limits
    if name in _SECONDS and most is not None:
        return f"{least} to {most} seconds, which is {duration_text(most)}"
    return f"{1 if name == 'priority' else least} to {most}"
