"""The functions of Datadog's metric queries: one row a function. A new function is a new row."""

from __future__ import annotations

from itertools import product

from generator.query.function import Function, Group, Groups, Kind, Parameter

__all__ = ["FUNCTIONS", "Function", "Group", "Groups", "Kind", "Parameter"]

_QUERY = Parameter("query", Kind.EXPRESSION)
_BOUND = Parameter("bound", Kind.NUMBER)
_ROLLUP_METHODS = ("avg", "sum", "min", "max", "count")
_RANKINGS = ("max", "mean", "min", "sum", "last", "l2norm", "area", "norm")
_ORDERS = ("asc", "desc")
_RANKING_WORDS = {
    "mean": "mean",
    "min": "minimum",
    "max": "maximum",
    "last": "last value",
    "area": "area",
    "l2norm": "L2 norm",
    "norm": "norm",
}
_ENDS = {"top": "highest", "bottom": "lowest"}
_LIMITS = (5, 10, 15, 20)
_NESTED = {
    "avg": "average",
    "sum": "sum",
    "min": "lowest",
    "max": "highest",
    "count": "number",
    "stddev": "standard deviation",
}
_SEASONS = ("hourly", "daily", "weekly")


def _optional(name: str, kind: Kind, *choices: str) -> Parameter:
    return Parameter(name, kind, choices, optional=True)


def _one_of(name: str, *choices: str, optional: bool = False) -> Parameter:
    """Return a word of a list that Datadog documents whole."""
    return Parameter(name, Kind.STRING, choices, optional=optional, closed=True)


def _of(  # noqa: PLR0913 - the columns of a row
    name: str,
    group: Group,
    words: str,
    *parameters: Parameter,
    note: str = "",
    in_monitors: bool = True,
    groups: Groups = Groups.KEEP,
) -> Function:
    """Return the row of a function whose first argument is the query."""
    return Function(name, group, words, (_QUERY, *parameters), note=note, in_monitors=in_monitors, groups=groups)


_ANOMALIES_KEYWORDS = (
    _one_of("direction", "above", "below", "both", optional=True),
    _optional("alert_window", Kind.WINDOW),
    _optional("interval", Kind.DURATION),
    _one_of("count_default_zero", "true", "false", optional=True),
    _one_of("seasonality", *_SEASONS, optional=True),
    _optional("timezone", Kind.TIMEZONE),
)
_FORECAST_KEYWORDS = (
    _optional("interval", Kind.DURATION),
    _optional("history", Kind.DURATION),
    _one_of("model", "default", "simple", "reactive", optional=True),
    _one_of("seasonality", *_SEASONS, optional=True),
)

_TABLE = (
    _of("abs", Group.ARITHMETIC, "the size of {0}"),
    _of("log2", Group.ARITHMETIC, "the binary logarithm of {0}"),
    _of("log10", Group.ARITHMETIC, "the decimal logarithm of {0}"),
    _of(
        "cumsum",
        Group.ARITHMETIC,
        "the running total of {0}",
        note="a window such as `current_1d` adds up since a start",
        in_monitors=False,
    ),
    _of("integral", Group.ARITHMETIC, "the integral of {0}", in_monitors=False),
    _of("round", Group.ARITHMETIC, "{0} (rounded)"),
    _of(
        "default_zero",
        Group.INTERPOLATION,
        "{0} (0 where there is none)",
        note="a monitor with it never sees missing data",
    ),
    _of(
        "default",
        Group.INTERPOLATION,
        "{0} ({1} where there is none)",
        Parameter("fill", Kind.NUMBER),
        note="not with `.as_count()`",
    ),
    _of(
        "timeshift",
        Group.TIMESHIFT,
        "{0} {1}",
        Parameter("seconds", Kind.WHOLE_NUMBER),
        note="negative seconds look back",
    ),
    _of(
        "calendar_shift",
        Group.TIMESHIFT,
        "{0} {1} by the calendar of {2}",
        Parameter("shift", Kind.SHIFT),
        Parameter("timezone", Kind.TIMEZONE),
        _optional("mode", Kind.STRING, "preserve_duration"),
    ),
    _of("hour_before", Group.TIMESHIFT, "{0} 1 hour earlier"),
    _of(
        "day_before",
        Group.TIMESHIFT,
        "{0} 24 hours earlier",
        note="deprecated; use `calendar_shift(…, '-1d', 'UTC')`",
    ),
    _of("week_before", Group.TIMESHIFT, "{0} 7 days earlier"),
    _of("month_before", Group.TIMESHIFT, "{0} 28 days earlier", note="28 days"),
    _of("per_second", Group.RATE, "the change of {0} per second"),
    _of("per_minute", Group.RATE, "the change of {0} per minute"),
    _of("per_hour", Group.RATE, "the change of {0} per hour"),
    _of(
        "dt",
        Group.RATE,
        "the time in seconds between the points of {0}",
        note="returns one series whatever the groups",
        groups=Groups.NONE,
    ),
    _of("diff", Group.RATE, "the change of {0} from point to point"),
    _of("monotonic_diff", Group.RATE, "the rise of {0} from point to point"),
    _of("derivative", Group.RATE, "the change per second of {0} from point to point"),
    _of(
        "rate",
        Group.RATE,
        "the change per second of {0} from point to point",
        note="the old name of `derivative`, found in old dashboards",
    ),
    _of("throughput", Group.RATE, "{0} per second"),
    _of("equiv_otel", Group.OPENTELEMETRY, "{0} together with its equal of OpenTelemetry", note="in preview"),
    _of("autosmooth", Group.SMOOTHING, "{0} (smoothed)", note="a longer window smooths too", in_monitors=False),
    *(_of(f"ewma_{n}", Group.SMOOTHING, f"{{0}} (weighted mean of {n} points)") for n in (3, 5, 7, 10, 20)),
    *(_of(f"median_{n}", Group.SMOOTHING, f"{{0}} (median of {n} points)") for n in (3, 5, 7, 9)),
    *(_of(f"rollingavg_{n}", Group.SMOOTHING, f"{{0}} (mean of {n} points)") for n in (5, 13, 21, 29)),
    _of(
        "moving_rollup",
        Group.ROLLUP,
        "the {2} of {0} over the {1} up to each point",
        Parameter("seconds", Kind.WHOLE_NUMBER),
        Parameter("method", Kind.STRING, _ROLLUP_METHODS, optional=True),
    ),
    _of(
        "count_nonzero",
        Group.COUNT,
        "the number of groups in which {0} is not 0",
        note="counts groups",
        groups=Groups.NONE,
    ),
    _of(
        "count_nonzero_finite",
        Group.COUNT,
        "the number of groups in which {0} is not 0",
        note="an alias of `count_nonzero`",
        groups=Groups.NONE,
    ),
    _of(
        "count_not_null",
        Group.COUNT,
        "the number of groups in which {0} has a value",
        note="counts groups",
        groups=Groups.NONE,
    ),
    _of("exclude_null", Group.EXCLUSION, "{0} (without groups that lack a tag)", note="drops groups with an N/A tag"),
    _of("clamp_min", Group.EXCLUSION, "{0} (raised to {1} where lower)", _BOUND),
    _of("clamp_max", Group.EXCLUSION, "{0} (cut to {1} where higher)", _BOUND),
    _of(
        "cutoff_min",
        Group.EXCLUSION,
        "{0} (without points below {1})",
        _BOUND,
        note="points below the bound become no data",
    ),
    _of(
        "cutoff_max",
        Group.EXCLUSION,
        "{0} (without points above {1})",
        _BOUND,
        note="points above the bound become no data",
    ),
    _of(
        "top",
        Group.RANK,
        "{0} (only the {1} groups with the {3} {2})",
        Parameter("limit", Kind.WHOLE_NUMBER),
        _one_of("by", *_RANKINGS),
        _one_of("order", *_ORDERS),
    ),
    *(
        _of(f"{end}{limit}", Group.RANK, f"{{0}} (only the {limit} groups with the {_ENDS[end]} mean)")
        for end, limit in product(_ENDS, _LIMITS)
    ),
    *(
        _of(f"{end}{limit}_{by}", Group.RANK, f"{{0}} (only the {limit} groups with the {_ENDS[end]} {words})")
        for end, limit, (by, words) in product(_ENDS, _LIMITS, _RANKING_WORDS.items())
    ),
    _of("robust_trend", Group.REGRESSION, "the robust trend of {0}"),
    _of("trend_line", Group.REGRESSION, "the trend of {0}"),
    _of("piecewise_constant", Group.REGRESSION, "the steps of {0}"),
    Function(
        "anomalies",
        Group.ALGORITHMS,
        "the share of points of {0} outside their expected range",
        (_QUERY, _one_of("algorithm", "basic", "agile", "robust"), Parameter("bounds", Kind.NUMBER)),
        _ANOMALIES_KEYWORDS,
        "the threshold is a share of the alert window, between 0 and 1",
    ),
    _of(
        "outliers",
        Group.ALGORITHMS,
        "the mark of outliers in {0}",
        _one_of("algorithm", "DBSCAN", "MAD", "scaledDBSCAN", "scaledMAD", "dbscan", "mad"),
        Parameter("tolerance", Kind.NUMBER),
        _optional("percentage", Kind.NUMBER),
        note="compares groups; it needs three or more",
    ),
    Function(
        "forecast",
        Group.ALGORITHMS,
        "the forecast of {0}",
        (_QUERY, _one_of("algorithm", "linear", "seasonal"), Parameter("deviations", Kind.NUMBER)),
        _FORECAST_KEYWORDS,
        "evaluated over a window ahead such as `next_1w`",
    ),
    *(
        _of(
            name,
            Group.NESTED,
            f"the {words} of {{0}}",
            _optional("other", Kind.EXPRESSION),
            _optional("by", Kind.GROUPING),
            groups=Groups.ARGUMENT,
        )
        for name, words in _NESTED.items()
    ),
    _of(
        "percentile",
        Group.NESTED,
        "the {1} percentile of {0}",
        Parameter("percentile", Kind.STRING),
        _optional("by", Kind.GROUPING),
        groups=Groups.ARGUMENT,
    ),
)

FUNCTIONS: dict[str, Function] = {function.name: function for function in _TABLE}
