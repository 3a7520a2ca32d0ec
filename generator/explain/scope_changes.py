"""A change of where a query looks, in words."""

from __future__ import annotations

from generator.explain.phrases import LONGEST_SCOPE, code, listed
from generator.query.nodes import EVERYTHING, AllOf, AnyOf, Membership, Scope, Tag, Terms
from generator.query.printer import print_query


def scope_change(before: Scope, after: Scope) -> str:
    """`now also in `env:staging``; the two scopes where neither is the other with some more."""
    old, new = _alternatives(before), _alternatives(after)
    if EVERYTHING not in (before, after) and (set(old) < set(new) or set(new) < set(old)):
        added = [each for each in new if each not in old]
        return (
            f"now also in {_listed(added)}"
            if added
            else f"no longer in {_listed([each for each in old if each not in new])}"
        )
    old, new = _conditions(before), _conditions(after)
    if set(old) < set(new):
        return f"now only in {_listed([each for each in new if each not in old])}"
    if set(new) < set(old):
        return f"no longer only in {_listed([each for each in old if each not in new])}"
    return f"scope {_code(before)} → {_code(after)}"


def _alternatives(scope: Scope) -> tuple[Scope, ...]:
    """Of which one must hold."""
    operands = scope.operands if isinstance(scope, AnyOf) else (scope,)
    return tuple(dict.fromkeys(each for operand in operands for each in _spread(operand)))


def _spread(scope: Scope) -> tuple[Scope, ...]:
    """`env IN (a,b)` as `env:a` and `env:b`."""
    if isinstance(scope, Membership) and not scope.negated:
        return tuple(Tag(scope.key, value) for value in scope.values)
    return (scope,)


def _conditions(scope: Scope) -> tuple[Scope, ...]:
    """Which must all hold."""
    if scope == EVERYTHING:
        return ()
    return scope.operands if isinstance(scope, Terms | AllOf) else (scope,)


def _listed(scopes: list[Scope]) -> str:
    return listed(map(_code, scopes))


def _code(scope: Scope) -> str:
    return code(print_query(scope), LONGEST_SCOPE)
