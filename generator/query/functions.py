"""The functions of Datadog's metric queries: one row a function. A new function is a new row."""

from __future__ import annotations

import enum
from itertools import product

from msgspec import Struct


class Kind(enum.Enum):
    """What may stand as an argument."""

    EXPRESSION = "an expression"
    NUMBER = "a number"
    WHOLE_NUMBER = "a whole number"
    STRING = "a text in quotes"
    DURATION = "a duration such as '60m'"
    WINDOW = "a window such as 'last_15m'"
    SHIFT = "a shift such as '-1d', '-1w' or '-1mo'"
    TIMEZONE = "a time zone such as 'Asia/Tokyo'"
    GROUPING = "group keys"


class Group(enum.Enum):
    """Datadog's own groups; the value is the page below docs.datadoghq.com that describes them."""

    ALGORITHMS = "dashboards/functions/algorithms"
    ARITHMETIC = "dashboards/functions/arithmetic"
    COUNT = "dashboards/functions/count"
    EXCLUSION = "dashboards/functions/exclusion"
    INTERPOLATION = "dashboards/functions/interpolation"
    NESTED = "metrics/nested_queries"
    RANK = "dashboards/functions/rank"
    RATE = "dashboards/functions/rate"
    REGRESSION = "dashboards/functions/regression"
    ROLLUP = "dashboards/functions/rollup"
    SMOOTHING = "dashboards/functions/smoothing"
    TIMESHIFT = "dashboards/functions/timeshift"


class Parameter(Struct, frozen=True):
    """An argument: what it is, which texts it may be (any if empty), whether it may be left out."""

    name: str
    kind: Kind
    choices: tuple[str, ...] = ()
    optional: bool = False


class Function(Struct, frozen=True):
    """A row. `note` is what a writer of monitors must know; empty if nothing. Some are for dashboards only."""

    name: str
    group: Group
    parameters: tuple[Parameter, ...]
    keywords: tuple[Parameter, ...] = ()
    note: str = ""
    in_monitors: bool = True

    @property
    def source(self) -> str:
        return f"https://docs.datadoghq.com/{self.group.value}/"


_QUERY = Parameter("query", Kind.EXPRESSION)
_BOUND = Parameter("bound", Kind.NUMBER)
_ROLLUP_METHODS = ("avg", "sum", "min", "max", "count")
_RANKINGS = ("max", "mean", "min", "sum", "last", "l2norm", "area", "norm")
_ORDERS = ("asc", "desc")
_SEASONS = ("hourly", "daily", "weekly")


def _optional(name: str, kind: Kind, *choices: str) -> Parameter:
    return Parameter(name, kind, choices, optional=True)


def _of(name: str, group: Group, *parameters: Parameter, note: str = "", in_monitors: bool = True) -> Function:
    """Return the row of a function whose first argument is the query."""
    return Function(name, group, (_QUERY, *parameters), note=note, in_monitors=in_monitors)


_ANOMALIES_KEYWORDS = (
    _optional("direction", Kind.STRING, "above", "below", "both"),
    _optional("alert_window", Kind.WINDOW),
    _optional("interval", Kind.DURATION),
    _optional("count_default_zero", Kind.STRING, "true", "false"),
    _optional("seasonality", Kind.STRING, *_SEASONS),
    _optional("timezone", Kind.TIMEZONE),
)
_FORECAST_KEYWORDS = (
    _optional("interval", Kind.DURATION),
    _optional("history", Kind.DURATION),
    _optional("model", Kind.STRING, "default", "simple", "reactive"),
    _optional("seasonality", Kind.STRING, *_SEASONS),
)

_TABLE = (
    _of("abs", Group.ARITHMETIC),
    _of("log2", Group.ARITHMETIC),
    _of("log10", Group.ARITHMETIC),
    _of("cumsum", Group.ARITHMETIC, note="a window such as `current_1d` adds up since a start", in_monitors=False),
    _of("integral", Group.ARITHMETIC, in_monitors=False),
    _of("round", Group.ARITHMETIC),
    _of("default_zero", Group.INTERPOLATION, note="a monitor with it never sees missing data"),
    _of("default", Group.INTERPOLATION, Parameter("fill", Kind.NUMBER), note="not with `.as_count()`"),
    _of("timeshift", Group.TIMESHIFT, Parameter("seconds", Kind.WHOLE_NUMBER), note="negative seconds look back"),
    _of(
        "calendar_shift",
        Group.TIMESHIFT,
        Parameter("shift", Kind.SHIFT),
        Parameter("timezone", Kind.TIMEZONE),
        _optional("mode", Kind.STRING, "preserve_duration"),
    ),
    _of("hour_before", Group.TIMESHIFT),
    _of("day_before", Group.TIMESHIFT, note="deprecated; use `calendar_shift(…, '-1d', 'UTC')`"),
    _of("week_before", Group.TIMESHIFT),
    _of("month_before", Group.TIMESHIFT, note="28 days"),
    _of("per_second", Group.RATE),
    _of("per_minute", Group.RATE),
    _of("per_hour", Group.RATE),
    _of("dt", Group.RATE, note="returns one series whatever the groups"),
    _of("diff", Group.RATE),
    _of("monotonic_diff", Group.RATE),
    _of("derivative", Group.RATE),
    _of("rate", Group.RATE, note="the old name of `derivative`, found in old dashboards"),
    _of("throughput", Group.RATE),
    _of("autosmooth", Group.SMOOTHING, in_monitors=False),
    *(_of(f"ewma_{points}", Group.SMOOTHING) for points in (3, 5, 7, 10, 20)),
    *(_of(f"median_{points}", Group.SMOOTHING) for points in (3, 5, 7, 9)),
    *(_of(f"rollingavg_{points}", Group.SMOOTHING) for points in (5, 13, 21, 29)),
    _of(
        "moving_rollup",
        Group.ROLLUP,
        Parameter("seconds", Kind.WHOLE_NUMBER),
        Parameter("method", Kind.STRING, _ROLLUP_METHODS, optional=True),
    ),
    _of("count_nonzero", Group.COUNT, note="counts groups"),
    _of("count_nonzero_finite", Group.COUNT, note="an alias of `count_nonzero`"),
    _of("count_not_null", Group.COUNT, note="counts groups"),
    _of("exclude_null", Group.EXCLUSION, note="drops groups with an N/A tag"),
    _of("clamp_min", Group.EXCLUSION, _BOUND),
    _of("clamp_max", Group.EXCLUSION, _BOUND),
    _of("cutoff_min", Group.EXCLUSION, _BOUND, note="points below the bound become no data"),
    _of("cutoff_max", Group.EXCLUSION, _BOUND, note="points above the bound become no data"),
    _of(
        "top",
        Group.RANK,
        Parameter("limit", Kind.WHOLE_NUMBER),
        Parameter("by", Kind.STRING, _RANKINGS),
        Parameter("order", Kind.STRING, _ORDERS),
    ),
    *(_of(f"{end}{limit}", Group.RANK) for end, limit in product(("top", "bottom"), (5, 10, 15, 20))),
    *(
        _of(f"{end}{limit}_{by}", Group.RANK)
        for end, limit, by in product(
            ("top", "bottom"), (5, 10, 15, 20), ("mean", "min", "max", "last", "area", "l2norm", "norm")
        )
    ),
    _of("robust_trend", Group.REGRESSION),
    _of("trend_line", Group.REGRESSION),
    _of("piecewise_constant", Group.REGRESSION),
    Function(
        "anomalies",
        Group.ALGORITHMS,
        (_QUERY, Parameter("algorithm", Kind.STRING, ("basic", "agile", "robust")), Parameter("bounds", Kind.NUMBER)),
        _ANOMALIES_KEYWORDS,
        "the threshold is a share of the alert window, between 0 and 1",
    ),
    _of(
        "outliers",
        Group.ALGORITHMS,
        Parameter("algorithm", Kind.STRING, ("DBSCAN", "MAD", "scaledDBSCAN", "scaledMAD", "dbscan", "mad")),
        Parameter("tolerance", Kind.NUMBER),
        _optional("percentage", Kind.NUMBER),
        note="compares groups; it needs three or more",
    ),
    Function(
        "forecast",
        Group.ALGORITHMS,
        (_QUERY, Parameter("algorithm", Kind.STRING, ("linear", "seasonal")), Parameter("deviations", Kind.NUMBER)),
        _FORECAST_KEYWORDS,
        "evaluated over a window ahead such as `next_1w`",
    ),
    *(
        _of(name, Group.NESTED, _optional("other", Kind.EXPRESSION), _optional("by", Kind.GROUPING))
        for name in ("avg", "sum", "min", "max", "count", "stddev")
    ),
    _of("percentile", Group.NESTED, Parameter("percentile", Kind.STRING), _optional("by", Kind.GROUPING)),
)

FUNCTIONS: dict[str, Function] = {function.name: function for function in _TABLE}
