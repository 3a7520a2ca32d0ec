"""The trees of Datadog's queries. Trees compare by meaning: where a node stood in the text (`span`) does not count."""

from __future__ import annotations

from typing import Literal

from generator.query.node import NOWHERE, Node, SourceRange, keep_exact
from generator.query.scope_nodes import (
    EVERYTHING,
    AllOf,
    AnyOf,
    Everything,
    Membership,
    Not,
    Scope,
    Tag,
    Terms,
    Variable,
)

# Beside the classes below.
__all__ = [
    "EVERYTHING",
    "NOWHERE",
    "AllOf",
    "AnyOf",
    "Everything",
    "Membership",
    "Node",
    "Not",
    "Scope",
    "SourceRange",
    "Tag",
    "Terms",
    "Variable",
]


class Number(Node, frozen=True):
    """A literal, negative ones included."""

    value: float

    def __post_init__(self) -> None:
        keep_exact(self, "value")


class StringLiteral(Node, frozen=True):
    """A quoted string. `text` is what stands between the quotes, escapes untouched.

    Which quotes they are makes no difference where the text holds neither quotes nor escapes.
    """

    text: str
    quote: str = "'"

    def __eq__(self, other: object) -> bool:
        if type(other) is not StringLiteral or other.text != self.text:
            return False
        return self.quote == other.quote or self.is_plain

    def __hash__(self) -> int:
        return hash((StringLiteral, self.text))

    @property
    def is_plain(self) -> bool:
        text = self.text
        return "'" not in text and '"' not in text and "\\" not in text


class Name(Node, frozen=True):
    """A bare word: a query's name in a formula, or an argument such as `daily`."""

    text: str


class _KeyPlaces(Node, frozen=True, kw_only=True):
    key_spans: tuple[SourceRange, ...] = ()


class Grouping(_KeyPlaces, frozen=True):
    """Group keys as an argument of a nested aggregation: `{ * }`."""

    keys: tuple[str, ...]


class AsCount(Node, frozen=True):
    """Reads a count as a count: `.as_count()`."""


class AsRate(Node, frozen=True):
    """Reads a count per second: `.as_rate()`."""


class Weighted(Node, frozen=True):
    """Weighs a gauge by how long its tags lived: `.weighted()`."""


class _RollupPlaces(Node, frozen=True, kw_only=True):
    interval_span: SourceRange = NOWHERE


class Rollup(_RollupPlaces, frozen=True):
    """`.rollup(sum, 60)`: interval in seconds, or a word such as `daily` with further arguments."""

    method: str | None = None
    interval: int | str | None = None
    rest: tuple[Number | StringLiteral | Name, ...] = ()


class Fill(Node, frozen=True):
    """`.fill(last, 300)`: a method's name or a number to fill with, and for how many seconds."""

    method: str | float
    limit_seconds: int | None = None

    def __post_init__(self) -> None:
        keep_exact(self, "method")


Modifier = AsCount | AsRate | Weighted | Rollup | Fill


class ThresholdCount(Node, frozen=True):
    """The space aggregation `count(v: v<=5)` of a distribution."""

    comparator: str
    bound: float

    def __post_init__(self) -> None:
        keep_exact(self, "bound")


class _MetricPlaces(Node, frozen=True, kw_only=True):
    metric_span: SourceRange = NOWHERE
    group_by_span: SourceRange = NOWHERE
    key_spans: tuple[SourceRange, ...] = ()


class MetricQuery(_MetricPlaces, frozen=True):
    """One metric with its scope: a leaf of the expression. `space` is None where the text names no aggregation."""

    metric: str
    space: str | ThresholdCount | None = None
    scope: Scope = EVERYTHING
    group_by: tuple[str, ...] = ()
    modifiers: tuple[Modifier, ...] = ()


class _KeywordPlaces(Node, frozen=True, kw_only=True):
    keyword_spans: tuple[SourceRange, ...] = ()


class Call(_KeywordPlaces, frozen=True):
    """A function; `kwargs` keep their order."""

    name: str
    args: tuple[Expression, ...] = ()
    kwargs: tuple[tuple[str, Expression], ...] = ()


class Unary(Node, frozen=True):
    """Negation of what is no literal; a negative literal is a Number."""

    operand: Expression


class Binary(Node, frozen=True):
    operator: str
    left: Expression
    right: Expression


class QueryList(Node, frozen=True):
    """Several queries of one old dashboard request, separated by commas."""

    queries: tuple[Expression, ...]


Expression = MetricQuery | Number | StringLiteral | Name | Grouping | Call | Unary | Binary | QueryList


class Window(Node, frozen=True):
    """`last_5m`, `current_1d`, `next_1w`, or as a shift `5m_ago`; units are m, h, d, w and mo."""

    kind: Literal["last", "current", "next", "ago"]
    amount: int
    unit: str


class Change(Node, frozen=True):
    """`change(…)` or `pct_change(…)`: compares with the series `shift` ago."""

    kind: Literal["change", "pct_change"]
    shift: Window


class TimeAggregation(Node, frozen=True):
    function: str
    window: Window
    change: Change | None = None


class _ThresholdPlace(Node, frozen=True, kw_only=True):
    threshold_span: SourceRange = NOWHERE


class MonitorQuery(_ThresholdPlace, frozen=True):
    """A metric monitor. Its threshold, or a formula's, may be a word: the option `critical_query` then holds it."""

    aggregation: TimeAggregation
    expression: Expression
    comparator: str
    threshold: float | Literal["threshold"]

    def __post_init__(self) -> None:
        keep_exact(self, "threshold")


ChainArgument = StringLiteral | Number | Name


class Method(_KeywordPlaces, frozen=True):
    """`.rollup("count")` in a chain."""

    name: str
    args: tuple[ChainArgument, ...] = ()
    kwargs: tuple[tuple[str, ChainArgument], ...] = ()


class ChainQuery(_ThresholdPlace, frozen=True):
    """`logs("…").index("*").rollup("count").last("5m") > 5`. A service check's head is its quoted name."""

    head: str | StringLiteral
    arguments: tuple[ChainArgument, ...] = ()
    methods: tuple[Method, ...] = ()
    comparator: str | None = None
    threshold: float | Literal["threshold"] | None = None

    def __post_init__(self) -> None:
        keep_exact(self, "threshold")


class MonitorId(Node, frozen=True):
    number: int


class Reference(Node, frozen=True):
    """`%{SERVICE/NAME}`: a monitor of ours whose id Datadog gives out later; `path` is what the braces hold."""

    path: str


class Inverse(Node, frozen=True):
    """`!…` of a composite monitor."""

    operand: Operand


class Both(Node, frozen=True):
    """`… && …`, flat, two or more."""

    operands: tuple[Operand, ...]


class Either(Node, frozen=True):
    """`… || …`, flat, two or more."""

    operands: tuple[Operand, ...]


Operand = MonitorId | Reference | Inverse | Both | Either


class CompositeQuery(Node, frozen=True):
    tree: Operand


class Opaque(Node, frozen=True):
    """Text of a type whose query has no grammar."""

    text: str


Query = MonitorQuery | ChainQuery | CompositeQuery | Opaque
