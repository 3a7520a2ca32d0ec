"""What may follow the head of a chain query, `logs("…")` or `"a.check"`: one row a head. A new method is a new word."""

from __future__ import annotations

import re

from msgspec import Struct

WINDOW_METHODS = ("last", "current", "long_window", "short_window")
AGGREGATIONS = ("count", "cardinality", "avg", "sum", "min", "max", "median", "percentile", "last")
PERCENTILE = re.compile(r"pc[0-9]{1,2}(?:\.[0-9]{1,2})?\Z")
SERVICE_CHECK = "service check"


class Head(Struct, frozen=True):
    """The methods a head takes, in the usual order; of each group in `required` one must stand."""

    name: str
    methods: tuple[str, ...]
    required: tuple[tuple[str, ...], ...]
    expected: tuple[str, ...] = ()

    @property
    def is_search(self) -> bool:
        """Tell whether it holds a search, whose hits are rolled up."""
        return ("rollup",) in self.required


# `.current("1d")` is seen in published monitors of events and costs; Datadog documents that only the current month is
# for metrics alone (https://docs.datadoghq.com/monitors/configuration/#cumulative-time-windows).
_WINDOWS = ("last", "current")
_SEARCH = ("index", "rollup", "by", *_WINDOWS)
_ERRORS = ("index", "source", "new", "impact", "rollup", "by", *_WINDOWS)
_SEARCH_ENDS = (("rollup",), _WINDOWS)

_TABLE = (
    Head("audits", _SEARCH, _SEARCH_ENDS),
    Head("burn_rate", ("over", "long_window", "short_window"), (("over",), ("long_window",), ("short_window",))),
    Head("ci-pipelines", _SEARCH, _SEARCH_ENDS),
    Head("ci-tests", _SEARCH, _SEARCH_ENDS),
    Head("database-monitoring", _SEARCH, _SEARCH_ENDS),
    Head("error-tracking", _ERRORS, _SEARCH_ENDS, expected=("source",)),
    Head("error-tracking-logs", _ERRORS, _SEARCH_ENDS),
    Head("error-tracking-rum", _ERRORS, _SEARCH_ENDS),
    Head("error-tracking-traces", _ERRORS, _SEARCH_ENDS),
    Head("error_budget", ("over",), (("over",),)),
    Head("events", _SEARCH, _SEARCH_ENDS),
    Head("formula", ("rollup", "by", *_WINDOWS, "change", "anomaly", "forecast"), (_WINDOWS,)),
    Head("llm-observability", _SEARCH, _SEARCH_ENDS),
    Head("logs", _SEARCH, _SEARCH_ENDS, expected=("index",)),
    Head("network-path", _SEARCH, _SEARCH_ENDS, expected=("index",)),
    Head("network-performance", _SEARCH, _SEARCH_ENDS),
    Head("processes", ("over", "exclude", "by", "rollup", "last"), (("rollup",), ("last",)), expected=("over",)),
    Head("rum", _SEARCH, _SEARCH_ENDS),
    Head("trace-analytics", _SEARCH, _SEARCH_ENDS),
    Head(
        SERVICE_CHECK,
        ("over", "exclude", "by", "last", "count_by_status", "pct_by_status"),
        (("last",), ("count_by_status", "pct_by_status")),
        # Datadog asks for a grouping since 2022; monitors made before live on without.
        expected=("by",),
    ),
)

# How few and how many arguments a method takes; others take what they like.
ARGUMENTS: dict[str, tuple[int, int]] = {
    **dict.fromkeys(("by", "exclude", "index", "over"), (1, 100)),
    **dict.fromkeys(("current", "last", "long_window", "short_window", "source"), (1, 1)),
    **dict.fromkeys(("count_by_status", "impact", "new", "pct_by_status"), (0, 0)),
    "rollup": (1, 2),
}
# What follows a window: these look at the numbers that it gave.
AFTER_WINDOW = frozenset({"anomaly", "by", "change", "count_by_status", "forecast", "pct_by_status", "short_window"})

HEADS: dict[str, Head] = {head.name: head for head in _TABLE}
METHODS: tuple[str, ...] = tuple(sorted({name for head in _TABLE for name in head.methods}))
