"""A window such as `current_1d` and the option that says when it starts are only good together.

A cumulative window begins anew each hour, day or month; `scheduling_options.evaluation_window` says at which minute,
hour or day. Datadog refuses one without the other ("Monitors with an evaluation_window scheduling_option must have a
current query period and vice versa."). The current hour starts at a minute (`hour_starts`), the current day and month
at a time (`day_starts`). A metric is read over `current_1d`; logs, events and other searches end with `.current("1d")`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct

from generator.finding import Severity
from generator.lint.rendered import RenderedMonitor
from generator.lint.rule import Complaint
from generator.message.problem import shown
from generator.query.methods import HEADS
from generator.query.nodes import ChainQuery, Method, MonitorQuery, Name, SourceRange, StringLiteral, Window
from generator.query.printer import print_query

SEVERITY = Severity.ERROR
REACH = "resource"
NODES = (Window, ChainQuery)

_FIELD = ("options", "scheduling_options", "evaluation_window")
# What a month has cost so far is read by the calendar.
_STARTED_OTHERWISE = frozenset({"cost alert", "data-jobs alert", "data-quality alert"})
_STARTS: Final = {
    "h": (("hour_starts",), "{hour_starts: 0}"),
    "d": (("day_starts",), '{day_starts: "00:00"}'),
    "mo": (("day_starts", "month_starts"), '{day_starts: "00:00", month_starts: 1}'),
}


class _Evaluated(Struct, frozen=True):
    """The window of a query; its `unit` is empty where it does not begin anew, and then `instead` is one that does."""

    text: str
    unit: str
    instead: str
    span: SourceRange


def findings(node: Window | ChainQuery, monitor: RenderedMonitor) -> Iterable[Complaint]:
    if isinstance(node, Window):
        if node.kind == "current" or ("scheduling_options" in monitor.options and _is_evaluated(node, monitor)):
            return _complaints(_of_metric(node), _start(monitor))
        return ()
    window = _of_search(node, monitor)
    return () if window is None else _complaints(window, _start(monitor))


def _is_evaluated(node: Window, monitor: RenderedMonitor) -> bool:
    """Whether it is the window that is evaluated, not the shift of a change."""
    return isinstance(monitor.tree, MonitorQuery) and monitor.tree.aggregation.window is node and bool(_start(monitor))


def _of_metric(window: Window) -> _Evaluated:
    unit = window.unit if window.kind == "current" else ""
    return _Evaluated(print_query(window), unit, "`current_1d`", window.span)


def _of_search(query: ChainQuery, monitor: RenderedMonitor) -> _Evaluated | None:
    """None where it has no window that begins anew, or where one needs no start."""
    head = HEADS.get(query.head) if isinstance(query.head, str) else None
    if head is None or "current" not in head.methods or monitor.type in _STARTED_OTHERWISE:
        return None
    window = next((each for each in query.methods if each.name in {"current", "last"}), None)
    unit = _unit(window) if window is not None and window.name == "current" else ""
    return None if window is None else _Evaluated(print_query(window), unit, '`.current("1d")`', window.span)


def _unit(window: Method) -> str:
    """`d` of `.current("1d")`."""
    first = window.args[0] if window.args else None
    return first.text.lstrip("0123456789") if isinstance(first, StringLiteral | Name) else ""


def _complaints(window: _Evaluated, start: Mapping[str, object]) -> Iterator[Complaint]:
    if not window.unit:
        if start:
            hint = f"leave the option out, or look at a window such as {window.instead}"
            yield Complaint(f"{shown(window.text)} has no start, which `evaluation_window` sets", _FIELD, hint=hint)
    elif window.unit in _STARTS:
        names, example = _STARTS[window.unit]
        if not start:
            message = f"{shown(window.text)} begins anew, and nothing says when"
            hint = f"set the option `scheduling_options: {{evaluation_window: {example}}}`"
            yield Complaint(message, ("query",), hint=hint, start=window.span[0], end=window.span[1])
        elif not start.keys() >= set(names):
            told = " and ".join(f"`{each}`" for each in names)
            yield Complaint(f"the start of {shown(window.text)} is set by {told}", _FIELD, hint=f"write `{example}`")


def _start(monitor: RenderedMonitor) -> Mapping[str, object]:
    scheduling = monitor.options.get("scheduling_options")
    start = scheduling.get("evaluation_window") if isinstance(scheduling, Mapping) else None
    return start if isinstance(start, Mapping) else {}
