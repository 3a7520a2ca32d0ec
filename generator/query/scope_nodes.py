"""The trees of scopes: which series of a metric a query reads. They compare as those of `nodes.py` do."""

from __future__ import annotations

from generator.query.node import Node, SourceRange


class Everything(Node, frozen=True):
    """Match every series: `*`."""


class Tag(Node, frozen=True):
    """`env:prod`, or a bare tag when `value` is None; both parts may hold wildcards, the value a `$variable`."""

    key: str
    value: str | None = None


class Variable(Node, frozen=True):
    """A dashboard's template variable: `$env` or `$env.value`; `name` is without the dollar sign."""

    name: str


class _ValuePlaces(Node, frozen=True, kw_only=True):
    value_spans: tuple[SourceRange, ...] = ()


class Membership(_ValuePlaces, frozen=True):
    """`state IN (open,half_open)`, or `NOT IN` when `negated`."""

    key: str
    values: tuple[str, ...]
    negated: bool = False


class Not(Node, frozen=True):
    """`!tag` among symbolic terms, `NOT …` in a boolean filter; never of a Not or a Membership (`scope.negation`)."""

    operand: Scope


class Terms(Node, frozen=True):
    """Symbolic terms that must all match: `a:b,!c:d`. Operands are Tag, Variable, Everything or Not of one of these."""

    operands: tuple[Scope, ...]


class AllOf(Node, frozen=True):
    """`… AND …`, flat."""

    operands: tuple[Scope, ...]


class AnyOf(Node, frozen=True):
    """`… OR …`, flat."""

    operands: tuple[Scope, ...]


Scope = Everything | Tag | Variable | Membership | Not | Terms | AllOf | AnyOf
EVERYTHING = Everything()
