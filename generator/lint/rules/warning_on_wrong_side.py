"""The warning threshold lies beyond the critical one, so the warning never comes first.

With `>` and `>=` a warning must be less than critical, with `<` and `<=` greater. Datadog refuses anything else
("Warning threshold (50.0) must be less than the alert threshold (20.0) with > comparison."). Often the two numbers are
exchanged, or the comparator points the wrong way.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.rendered import RenderedMonitor, number_text
from generator.lint.rule import Complaint
from generator.query.inspection import comparator

SEVERITY = Severity.ERROR
REACH = "resource"

_SIDES = {">": "less", ">=": "less", "<": "greater", "<=": "greater"}


def findings(monitor: RenderedMonitor) -> Iterator[Complaint]:
    critical, warning = monitor.threshold("critical"), monitor.threshold("warning")
    sign = comparator(monitor.tree)
    side = _SIDES.get(sign or "")
    if critical is None or warning is None or side is None:
        return
    if warning < critical if side == "less" else warning > critical:
        return
    told = number_text(critical)
    yield Complaint(
        f"the warning threshold `{number_text(warning)}` must be {side} than critical `{told}` with `{sign}`",
        ("options", "thresholds", "warning"),
        hint=f"choose a warning {side} than `{told}`, or exchange the two",
    )
