"""Scopes made of scopes: both of two, the opposite of one."""

from __future__ import annotations

import msgspec

from generator.query.nodes import NOWHERE, AllOf, Everything, Membership, Not, Scope, SourceRange, Tag, Terms, Variable


def joined(first: Scope, second: Scope) -> Scope:
    """Return the scope that holds where both hold, symbolic if both are, each term once."""
    if isinstance(first, Everything):
        return second
    if isinstance(second, Everything):
        return first
    if is_symbolic(first) and is_symbolic(second):
        return _once(Terms, _operands(first), _operands(second))
    return _once(AllOf, _operands(first), _operands(second))


def negation(operand: Scope, *, span: SourceRange = NOWHERE) -> Scope:
    """Return what holds where `operand` does not: two negations cancel out, IN has a negation of its own."""
    if isinstance(operand, Not):
        return msgspec.structs.replace(operand.operand, span=span)
    if isinstance(operand, Membership):
        return msgspec.structs.replace(operand, negated=not operand.negated, span=span)
    return Not(operand, span=span)


def is_symbolic(scope: Scope) -> bool:
    """Tell whether the scope can be written with `,` and `!`."""
    return isinstance(scope, Terms) or _is_term(scope)


def _is_term(scope: Scope) -> bool:
    operand = scope.operand if isinstance(scope, Not) else scope
    return isinstance(operand, Tag | Variable | Everything)


def _operands(scope: Scope) -> tuple[Scope, ...]:
    return scope.operands if isinstance(scope, Terms | AllOf) else (scope,)


def _once(kind: type[Terms | AllOf], first: tuple[Scope, ...], second: tuple[Scope, ...]) -> Scope:
    operands = tuple(dict.fromkeys((*first, *second)))
    return operands[0] if len(operands) == 1 else kind(operands)
