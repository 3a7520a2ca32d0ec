"""What each function of a metric query makes of its arguments, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.explain.durations import counted, duration_text
from generator.explain.phrases import code, listed, number, ordinal
from generator.query.nodes import Call, Grouping, MetricQuery, Number, StringLiteral

_TEMPLATES = {
    "abs": "the size of {0}",
    "anomalies": "the share of anomalous points of {0}",
    "autosmooth": "{0} (smoothed)",
    "clamp_max": "{0} (at most {1})",
    "clamp_min": "{0} (at least {1})",
    "count_nonzero": "the number of groups in which {0} is not 0",
    "count_nonzero_finite": "the number of groups in which {0} is not 0",
    "count_not_null": "the number of groups in which {0} has a value",
    "cumsum": "the running total of {0}",
    "cutoff_max": "{0} without points above {1}",
    "cutoff_min": "{0} without points below {1}",
    "default": "{0} ({1} where there is none)",
    "default_zero": "{0} (0 where there is none)",
    "derivative": "the derivative of {0}",
    "diff": "the change of {0} from point to point",
    "dt": "the seconds between the points of {0}",
    "exclude_null": "{0} without groups that lack a tag",
    "forecast": "the forecast of {0}",
    "integral": "the integral of {0}",
    "log10": "the decimal logarithm of {0}",
    "log2": "the binary logarithm of {0}",
    "monotonic_diff": "the rise of {0} from point to point",
    "outliers": "the outliers of {0}",
    "per_hour": "{0} per hour",
    "per_minute": "{0} per minute",
    "per_second": "{0} per second",
    "piecewise_constant": "the steps of {0}",
    "rate": "the derivative of {0}",
    "robust_trend": "the robust trend of {0}",
    "round": "{0} (rounded)",
    "throughput": "{0} per second",
    "trend_line": "the trend of {0}",
}
_METHODS = {"avg": "average", "sum": "sum", "min": "lowest", "max": "highest", "count": "number of points"}
_GROUP_METHODS = {**_METHODS, "count": "number", "min": "minimum", "max": "maximum", "stddev": "standard deviation"}
_CALENDAR_UNITS = {"d": "day", "w": "week", "mo": "month"}
_SMOOTHING = {"ewma": "weighted mean", "median": "median", "rollingavg": "mean"}
_ENDS = {"top": "highest", "bottom": "lowest"}


def call_words(call: Call, arguments: Sequence[str]) -> str:
    """The call in words, given its arguments in words."""
    if not arguments:
        return code(call.name)
    if call.name in _TEMPLATES:
        return _TEMPLATES[call.name].format(*arguments, "a bound")
    return _family_words(call, arguments[0]) or f"{code(call.name)} of {listed(arguments)}"


def _family_words(call: Call, subject: str) -> str:
    """Words of a function whose name or arguments hold a number; empty if it is none."""
    family, _, size = call.name.rpartition("_")
    if family in _SMOOTHING and size.isdigit():
        return f"{subject} ({_SMOOTHING[family]} of {size} points)"
    if call.name == "moving_rollup" and len(call.args) > 1:
        return _moving_rollup(call, subject)
    if call.name == "calendar_shift" and len(call.args) > 2:
        return f"{subject} {' '.join(_calendar(call))}"
    if call.name == "percentile" and len(call.args) > 1 and isinstance(call.args[1], StringLiteral):
        return f"the {ordinal(call.args[1].text.lstrip('p'))} percentile of {subject}"
    if call.name in _GROUP_METHODS and isinstance(call.args[-1], StringLiteral | Grouping | Call | MetricQuery):
        return f"the {_GROUP_METHODS[call.name]} of {subject} over groups"
    ranked = _ranked(call)
    return f"the {ranked} groups of {subject}" if ranked else ""


def _moving_rollup(call: Call, subject: str) -> str:
    seconds, method = call.args[1], call.args[2] if len(call.args) > 2 else None
    words = duration_text(seconds.value) if isinstance(seconds, Number) else "some time"
    name = _METHODS.get(method.text, method.text) if isinstance(method, StringLiteral) else "average"
    return f"the {name} of {subject} over {words} up to each point"


def _calendar(call: Call) -> Iterator[str]:
    """`1 month before (UTC)`."""
    shift, zone = (each.text if isinstance(each, StringLiteral) else "" for each in call.args[1:3])
    size = shift.removeprefix("-")
    amount = size.rstrip("dwmo")
    unit = _CALENDAR_UNITS.get(size[len(amount) :])
    whole = unit and amount.isascii() and amount.isdigit() and len(amount) < 7
    yield f"{counted(int(amount), unit)} before" if whole and unit else f"shifted by {code(shift)}"
    yield f"by the calendar of {zone}"


def _ranked(call: Call) -> str:
    """`10 highest`, or nothing."""
    for end, words in _ENDS.items():
        if call.name == end and len(call.args) > 3 and isinstance(call.args[1], Number):
            order = call.args[3]
            is_last = isinstance(order, StringLiteral) and order.text == "asc"
            return f"{number(call.args[1].value)} {'lowest' if is_last else words}"
        limit = call.name.removeprefix(end).partition("_")[0]
        if call.name.startswith(end) and limit.isdigit():
            return f"{limit} {words}"
    return ""
