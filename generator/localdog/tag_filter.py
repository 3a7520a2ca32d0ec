"""Whether the tags of a series match a scope."""

from __future__ import annotations

from fnmatch import fnmatchcase

from generator.localdog.unevaluated import NotEvaluated
from generator.query.nodes import AllOf, AnyOf, Everything, Membership, Not, Scope, Tag, Terms, Variable


def matches(scope: Scope, tags: tuple[str, ...]) -> bool:
    match scope:
        case Everything():
            return True
        case Tag():
            return _has(tags, scope.key if scope.value is None else f"{scope.key}:{scope.value}")
        case Membership():
            found = any(_has(tags, f"{scope.key}:{value}") for value in scope.values)
            return found is not scope.negated
        case Not():
            return not matches(scope.operand, tags)
        case Terms() | AllOf():
            return all(matches(part, tags) for part in scope.operands)
        case AnyOf():
            return any(matches(part, tags) for part in scope.operands)
        case Variable():
            raise NotEvaluated(f"the template variable `${scope.name}`")


def _has(tags: tuple[str, ...], text: str) -> bool:
    text = text.lower()
    if "*" not in text:
        return text in tags
    pattern = text.replace("[", "[[]").replace("?", "[?]")
    return any(fnmatchcase(tag, pattern) for tag in tags)
