"""A window such as `current_1d` and the option that says when it starts are only good together.

A cumulative window begins anew each hour, day or month; `scheduling_options.evaluation_window` says at which minute,
hour or day. Datadog refuses one without the other ("Monitors with an evaluation_window scheduling_option must have a
current query period and vice versa."). The current hour starts at a minute (`hour_starts`), the current day and month
at a time (`day_starts`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from generator.finding import Severity
from generator.lint.rendered import METRIC_TYPES, RenderedMonitor
from generator.lint.rule import Complaint
from generator.query.nodes import MonitorQuery, Window
from generator.query.printer import print_query

SEVERITY = Severity.ERROR
REACH = "resource"
TYPES = METRIC_TYPES
NODES = (Window,)

_FIELD = ("options", "scheduling_options", "evaluation_window")
_STARTS = {
    "h": (("hour_starts",), "{hour_starts: 0}"),
    "d": (("day_starts",), '{day_starts: "00:00"}'),
    "mo": (("day_starts", "month_starts"), '{day_starts: "00:00", month_starts: 1}'),
}


def findings(node: Window, monitor: RenderedMonitor) -> Iterable[Complaint]:
    if node.kind == "current" or ("scheduling_options" in monitor.options and _is_evaluated(node, monitor)):
        return _complaints(node, _start(monitor))
    return ()


def _is_evaluated(node: Window, monitor: RenderedMonitor) -> bool:
    """Whether it is the window that is evaluated, not the shift of a change."""
    return isinstance(monitor.tree, MonitorQuery) and monitor.tree.aggregation.window is node and bool(_start(monitor))


def _complaints(node: Window, start: Mapping[str, object]) -> Iterator[Complaint]:
    text = print_query(node)
    if node.kind != "current":
        hint = "leave the option out, or look at a window such as `current_1d`"
        yield Complaint(f"`{text}` has no start, which `evaluation_window` sets", _FIELD, hint=hint)
    elif node.unit in _STARTS:
        names, example = _STARTS[node.unit]
        if not start:
            message = f"`{text}` begins anew, and nothing says when"
            hint = f"set the option `scheduling_options: {{evaluation_window: {example}}}`"
            yield Complaint(message, ("query",), hint=hint, start=node.span[0], end=node.span[1])
        elif not start.keys() >= set(names):
            told = " and ".join(f"`{each}`" for each in names)
            yield Complaint(f"the start of `{text}` is set by {told}", _FIELD, hint=f"write `{example}`")


def _start(monitor: RenderedMonitor) -> Mapping[str, object]:
    scheduling = monitor.options.get("scheduling_options")
    start = scheduling.get("evaluation_window") if isinstance(scheduling, Mapping) else None
    return start if isinstance(start, Mapping) else {}
