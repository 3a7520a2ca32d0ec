"""A recovery threshold lies on the alert's side, so that one value is an alert and its recovery at once.

With `>` and `>=` a recovery threshold must not be greater than the threshold it belongs to, with `<` and `<=` not less.
Datadog refuses anything else ("alert and alert recovery criteria are such that the monitor can be simultaneously in
alert and alert recovery states"). Often it was left behind when the threshold moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.finding import Severity
from generator.lint.recovery import BEYOND, LESS_ALARMING, Recovery, recoveries, sign
from generator.lint.rendered import RenderedMonitor, number_text
from generator.lint.rule import Complaint, Elsewhere

SEVERITY = Severity.ERROR
REACH = "resource"


def findings(monitor: RenderedMonitor) -> Iterable[Complaint]:
    found = recoveries(monitor)
    return _complaints(found, sign(monitor)) if found else ()


def _complaints(found: tuple[Recovery, ...], compared: str) -> Iterator[Complaint]:
    for each in found:
        if each.entered is not None and compared and BEYOND[compared](each.left, each.entered):
            number, side = number_text(each.entered), LESS_ALARMING[compared]
            yield Complaint(
                f"`{each.name}` is `{number_text(each.left)}`, which with `{compared}` is still {each.status}",
                ("options", "thresholds", each.name),
                hint=f"choose a number {side} than `{number}`, or leave it out",
                related=(Elsewhere(f"{each.status} begins at `{number}`", ("options", "thresholds", each.status)),),
            )
