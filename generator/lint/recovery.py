"""What rules on recovery thresholds share."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Final, NamedTuple

from generator.lint.rendered import RenderedMonitor
from generator.query.inspection import comparator, threshold

BEYOND: Final[dict[str, Callable[[float, float], bool]]] = {
    ">": operator.gt,
    ">=": operator.gt,
    "<": operator.lt,
    "<=": operator.lt,
}
"""By comparator: whether the first number is further into the alert than the second."""
LESS_ALARMING: Final = {">": "less", ">=": "less", "<": "greater", "<=": "greater"}


class Recovery(NamedTuple):
    """A recovery threshold: `status` is `critical` or `warning`, `entered` the number at which that begins."""

    status: str
    entered: float | None
    left: float

    @property
    def name(self) -> str:
        return f"{self.status}_recovery"


def recoveries(monitor: RenderedMonitor) -> tuple[Recovery, ...]:
    thresholds = monitor.options.get("thresholds")
    if type(thresholds) is not dict or not ("critical_recovery" in thresholds or "warning_recovery" in thresholds):
        return ()
    entered = {"critical": monitor.threshold("critical"), "warning": monitor.threshold("warning")}
    if entered["critical"] is None:
        entered["critical"] = threshold(monitor.tree)
    found = ((status, number, monitor.threshold(f"{status}_recovery")) for status, number in entered.items())
    return tuple(Recovery(status, number, left) for status, number, left in found if left is not None)


def sign(monitor: RenderedMonitor) -> str:
    """The comparator, empty where thresholds have no side."""
    found = comparator(monitor.tree) or ""
    return found if found in BEYOND else ""
