"""What a row of the table of functions says."""

from __future__ import annotations

import enum

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
    OPENTELEMETRY = "opentelemetry/guide/combining_otel_and_datadog_metrics"
    RANK = "dashboards/functions/rank"
    RATE = "dashboards/functions/rate"
    REGRESSION = "dashboards/functions/regression"
    ROLLUP = "dashboards/functions/rollup"
    SMOOTHING = "dashboards/functions/smoothing"
    TIMESHIFT = "dashboards/functions/timeshift"


class Groups(enum.Enum):
    """What becomes of the groups of a function's query."""

    KEEP = "one result for each group"
    NONE = "one result over all groups"
    ARGUMENT = "the groups that an argument such as `{host}` names; over all groups where it names none"


class Parameter(Struct, frozen=True):
    """An argument: what it is, which texts it may be (any if empty), whether it may be left out.

    The choices are `closed` where Datadog's documentation lists all of them.
    """

    name: str
    kind: Kind
    choices: tuple[str, ...] = ()
    optional: bool = False
    closed: bool = False


class Function(Struct, frozen=True):
    """A row. `note` is what a writer of monitors must know; empty if nothing. Some are for dashboards only.

    `words` says what it makes of its query, `{0}`, and of its further arguments, `{1}` and so on.
    """

    name: str
    group: Group
    words: str
    parameters: tuple[Parameter, ...]
    keywords: tuple[Parameter, ...] = ()
    note: str = ""
    in_monitors: bool = True
    groups: Groups = Groups.KEEP

    @property
    def source(self) -> str:
        return f"https://docs.datadoghq.com/{self.group.value}/"
