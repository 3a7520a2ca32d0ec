"""The trees of Datadog's queries. Trees compare by meaning: where a node stood in the text (`span`) does not count."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

SourceRange = tuple[int, int]
NOWHERE: SourceRange = (0, 0)


@dataclass(frozen=True, slots=True)
class Node:
    """What every node has: `span`, its start and end as character offsets in the parsed text."""

    span: SourceRange = field(default=NOWHERE, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Everything(Node):
    """Match every series: `*`."""


@dataclass(frozen=True, slots=True)
class Tag(Node):
    """`env:prod`, or a bare tag when `value` is None; both parts may hold wildcards, the value a `$variable`."""

    key: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Variable(Node):
    """A dashboard's template variable: `$env` or `$env.value`; `name` is without the dollar sign."""

    name: str


@dataclass(frozen=True, slots=True)
class Membership(Node):
    """`state IN (open,half_open)`, or `NOT IN` when `negated`."""

    key: str
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Not(Node):
    """`!tag` among symbolic terms, `NOT …` in a boolean filter."""

    operand: Scope


@dataclass(frozen=True, slots=True)
class Terms(Node):
    """Symbolic terms that must all match: `a:b,!c:d`. Operands are Tag, Variable, Everything or Not of one of these."""

    operands: tuple[Scope, ...]


@dataclass(frozen=True, slots=True)
class AllOf(Node):
    """`… AND …`, flat."""

    operands: tuple[Scope, ...]


@dataclass(frozen=True, slots=True)
class AnyOf(Node):
    """`… OR …`, flat."""

    operands: tuple[Scope, ...]


Scope = Everything | Tag | Variable | Membership | Not | Terms | AllOf | AnyOf
EVERYTHING = Everything()


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A literal, negative ones included."""

    value: float


@dataclass(frozen=True, slots=True)
class StringLiteral(Node):
    """A quoted string. `text` is what stands between the quotes, escapes untouched."""

    text: str
    quote: str = "'"


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A bare word: a query's name in a formula, or an argument such as `daily`."""

    text: str


@dataclass(frozen=True, slots=True)
class Grouping(Node):
    """Group keys as an argument of a nested aggregation: `{ * }`."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AsCount(Node):
    """Reads a count as a count: `.as_count()`."""


@dataclass(frozen=True, slots=True)
class AsRate(Node):
    """Reads a count per second: `.as_rate()`."""


@dataclass(frozen=True, slots=True)
class Weighted(Node):
    """Weighs a gauge by how long its tags lived: `.weighted()`."""


@dataclass(frozen=True, slots=True)
class Rollup(Node):
    """`.rollup(sum, 60)`: interval in seconds, or a word such as `daily` with further arguments."""

    method: str | None = None
    interval: int | str | None = None
    rest: tuple[Number | StringLiteral | Name, ...] = ()


@dataclass(frozen=True, slots=True)
class Fill(Node):
    """`.fill(last, 300)`: a method's name or a number to fill with, and for how many seconds."""

    method: str | float
    limit_seconds: int | None = None


Modifier = AsCount | AsRate | Weighted | Rollup | Fill


@dataclass(frozen=True, slots=True)
class ThresholdCount(Node):
    """The space aggregation `count(v: v<=5)` of a distribution."""

    comparator: str
    bound: float


@dataclass(frozen=True, slots=True)
class MetricQuery(Node):
    """One metric with its scope: a leaf of the expression. `space` is None where the text names no aggregation."""

    metric: str
    space: str | ThresholdCount | None = None
    scope: Scope = EVERYTHING
    group_by: tuple[str, ...] = ()
    modifiers: tuple[Modifier, ...] = ()
    metric_span: SourceRange = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
    group_by_span: SourceRange = field(default=NOWHERE, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function; `kwargs` keep their order."""

    name: str
    args: tuple[Expression, ...] = ()
    kwargs: tuple[tuple[str, Expression], ...] = ()


@dataclass(frozen=True, slots=True)
class Unary(Node):
    """Negation of what is no literal; a negative literal is a Number."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary(Node):
    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class QueryList(Node):
    """Several queries of one old dashboard request, separated by commas."""

    queries: tuple[Expression, ...]


Expression = MetricQuery | Number | StringLiteral | Name | Grouping | Call | Unary | Binary | QueryList


@dataclass(frozen=True, slots=True)
class Window(Node):
    """`last_5m`, `current_1d`, `next_1w`, or as a shift `5m_ago`; units are m, h, d, w and mo."""

    kind: Literal["last", "current", "next", "ago"]
    amount: int
    unit: str


@dataclass(frozen=True, slots=True)
class Change(Node):
    """`change(…)` or `pct_change(…)`: compares with the series `shift` ago."""

    kind: Literal["change", "pct_change"]
    shift: Window


@dataclass(frozen=True, slots=True)
class TimeAggregation(Node):
    function: str
    window: Window
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class MonitorQuery(Node):
    """A metric monitor. The threshold may be the word `threshold`: the option `critical_query` then holds it."""

    aggregation: TimeAggregation
    expression: Expression
    comparator: str
    threshold: float | Literal["threshold"]
    threshold_span: SourceRange = field(default=NOWHERE, compare=False, repr=False, kw_only=True)


ChainArgument = StringLiteral | Number | Name


@dataclass(frozen=True, slots=True)
class Method(Node):
    """`.rollup("count")` in a chain."""

    name: str
    args: tuple[ChainArgument, ...] = ()
    kwargs: tuple[tuple[str, ChainArgument], ...] = ()


@dataclass(frozen=True, slots=True)
class ChainQuery(Node):
    """`logs("…").index("*").rollup("count").last("5m") > 5`. A service check's head is its quoted name."""

    head: str | StringLiteral
    arguments: tuple[ChainArgument, ...] = ()
    methods: tuple[Method, ...] = ()
    comparator: str | None = None
    threshold: float | None = None
    threshold_span: SourceRange = field(default=NOWHERE, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class MonitorId(Node):
    number: int


@dataclass(frozen=True, slots=True)
class Reference(Node):
    """`%{SERVICE/NAME}`: a monitor of ours whose id Datadog gives out later; `path` is what the braces hold."""

    path: str


@dataclass(frozen=True, slots=True)
class Inverse(Node):
    """`!…` of a composite monitor."""

    operand: Operand


@dataclass(frozen=True, slots=True)
class Both(Node):
    """`… && …`, flat, two or more."""

    operands: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Either(Node):
    """`… || …`, flat, two or more."""

    operands: tuple[Operand, ...]


Operand = MonitorId | Reference | Inverse | Both | Either


@dataclass(frozen=True, slots=True)
class CompositeQuery(Node):
    tree: Operand


@dataclass(frozen=True, slots=True)
class Opaque(Node):
    """Text of a type whose query has no grammar."""

    text: str


Query = MonitorQuery | ChainQuery | CompositeQuery | Opaque
