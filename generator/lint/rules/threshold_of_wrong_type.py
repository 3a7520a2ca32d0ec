"""A raw monitor's threshold is no number.

Datadog refuses a threshold that is text ("Non-numeric threshold value."). YAML makes it easy to miss: `"60"` is text,
`[9]` is a list. To the rules about thresholds such a one is absent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.finding import Severity
from generator.lint.rendered import RenderedMonitor
from generator.lint.rule import Complaint
from generator.lint.value_types import wrong_type

SEVERITY = Severity.WARNING
REACH = "resource"

_FIELD = ("options", "thresholds")
_THRESHOLDS: Mapping[str, str] = {
    **dict.fromkeys(("critical", "critical_recovery", "ok", "unknown", "warning", "warning_recovery"), "a number"),
    **dict.fromkeys(("critical_query", "critical_recovery_query"), "text"),
}


def findings(monitor: RenderedMonitor) -> Iterator[Complaint]:
    thresholds = monitor.options.get("thresholds")
    if not isinstance(thresholds, dict):
        complaint = wrong_type(thresholds, "a mapping", _FIELD)
        if complaint is not None:
            yield complaint
        return
    for name, value in thresholds.items():
        wanted = _THRESHOLDS.get(name)
        complaint = None if wanted is None else wrong_type(value, wanted, (*_FIELD, name))
        if complaint is not None:
            yield complaint
