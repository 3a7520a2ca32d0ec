"""The thresholds of a monitor as people write them, and which of them Datadog refuses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from generator.explain.monitor import KindProblem

_UPWARDS = (">", ">=")
_DOWNWARDS = ("<", "<=")


class Thresholds(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When a monitor warns, alerts and recovers."""

    critical: Annotated[float | UnsetType, Meta(description="Alerts beyond this value.")] = UNSET
    warning: Annotated[float | UnsetType, Meta(description="Warns beyond this value.")] = UNSET
    critical_recovery: Annotated[float | UnsetType, Meta(description="An alert ends at this value.")] = UNSET
    warning_recovery: Annotated[float | UnsetType, Meta(description="A warning ends at this value.")] = UNSET


def threshold_options(thresholds: Thresholds, critical: float) -> dict[str, float]:
    """Datadog's `options.thresholds`; whole numbers as integers."""
    given = {
        "critical": critical,
        "warning": thresholds.warning,
        "critical_recovery": thresholds.critical_recovery,
        "warning_recovery": thresholds.warning_recovery,
    }
    return {name: _shortest(value) for name, value in given.items() if value is not UNSET}


def threshold_problems(thresholds: Thresholds, comparator: str, critical: float) -> Iterator[KindProblem]:
    """What Datadog refuses with HTTP 400."""
    warning = thresholds.warning
    if warning is not UNSET and not _is_milder(warning, comparator, critical):
        found = (
            f"`warning` is `{number_words(warning)}`, no milder than critical, `{comparator} {number_words(critical)}`"
        )
        yield _problem("warning", found, hint=_hint(comparator, critical))
    if warning is UNSET and thresholds.warning_recovery is not UNSET:
        message = "`warning_recovery` stands without `warning`"
        yield _problem("warning_recovery", message, hint="add `warning`, or remove `warning_recovery`")
    for name, value, beyond in (
        ("critical", thresholds.critical_recovery, critical),
        ("warning", thresholds.warning_recovery, warning),
    ):
        if value is not UNSET and beyond is not UNSET and _is_beyond(value, comparator, beyond):
            meant = f"`{comparator} {number_words(beyond)}`"
            found = f"`{name}_recovery` is `{number_words(value)}`, where {name}, {meant}, would hold at the same time"
            yield _problem(f"{name}_recovery", found, hint=_hint(comparator, beyond))


def number_words(value: float) -> str:
    """The number without a superfluous `.0`."""
    return str(_shortest(value))


def _is_milder(warning: float, comparator: str, critical: float) -> bool:
    if comparator in _UPWARDS:
        return warning < critical
    return warning > critical if comparator in _DOWNWARDS else True


def _is_beyond(value: float, comparator: str, threshold: float) -> bool:
    if comparator in _UPWARDS:
        return value > threshold
    return value < threshold if comparator in _DOWNWARDS else False


def _problem(name: str, message: str, *, hint: str) -> KindProblem:
    return KindProblem(("thresholds", name), "wrong-threshold", message, hint)


def _hint(comparator: str, threshold: float) -> str:
    return f"write a number {'below' if comparator in _UPWARDS else 'above'} `{number_words(threshold)}`"


def _shortest(value: float) -> float:
    return int(value) if float(value).is_integer() else value
