"""An alert is to end after more than a day without data, which Datadog no longer takes.

`timeout_h` ends an alert after so many hours without data. Since 2022 Datadog takes 0 to 24 from new and changed
monitors, and keeps more on old ones until somebody touches them
(https://github.com/cloudposse/terraform-datadog-platform/issues/63). Write 24 at most, or 0 for an alert that never
ends without data.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.rendered import RenderedMonitor
from generator.lint.rule import Complaint

SEVERITY = Severity.NOTICE
REACH = "resource"

_LONGEST_HOURS = 24


def findings(monitor: RenderedMonitor) -> Iterator[Complaint]:
    hours = monitor.options.get("timeout_h")
    if isinstance(hours, int | float) and not isinstance(hours, bool) and hours > _LONGEST_HOURS:
        field = ("options", "timeout_h")
        hint = f"write {_LONGEST_HOURS} or less; 0 is never"
        yield Complaint(f"`timeout_h` is `{hours}` hours, more than a day", field, hint=hint)
