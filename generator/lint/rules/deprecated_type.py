"""A metric monitor bears Datadog's old type name, `metric alert`.

`query alert` and `metric alert` are one type, and Datadog answers now with one, now with the other. Other tools take
only the newer name. Write `query alert`: it is the same monitor with the same id.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.rendered import RenderedMonitor
from generator.lint.rule import Complaint, Replacement

SEVERITY = Severity.NOTICE
REACH = "resource"
TYPES = ("metric alert",)

_FIELD = ("type",)


def findings(monitor: RenderedMonitor) -> Iterator[Complaint]:
    hint = "write `query alert`, which is the same"
    fix = Replacement("query alert", _FIELD, 0, len(monitor.type))
    yield Complaint(f"`{monitor.type}` is the old name of the type", _FIELD, hint=hint, fix=fix)
