"""Whether a source's tags match a scope (https://docs.datadoghq.com/metrics/advanced-filtering/)."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

from generator.query.nodes import AllOf, AnyOf, Everything, Membership, Not, Scope, Tag, Terms, Variable
from generator.simulate.refusal import NotSimulated

Tags = frozenset[str]


def matcher(scope: Scope) -> Callable[[Tags], bool]:
    """What tells whether tags match; a template variable of a dashboard cannot be decided."""
    return _MATCHERS[type(scope)](scope)


def _of_tag(tag: Tag) -> Callable[[Tags], bool]:
    text = tag.key if tag.value is None else f"{tag.key}:{tag.value}"
    return _of_text(text)


def _of_text(text: str) -> Callable[[Tags], bool]:
    text = text.lower()
    if "*" not in text:
        return lambda tags: text in tags
    pattern = _pattern(text)
    return lambda tags: any(map(pattern.fullmatch, tags))


@functools.lru_cache(maxsize=1024)
def _pattern(text: str) -> re.Pattern[str]:
    # Each piece is looked for once, at its first place, and never again, so that no text makes it slow.
    head, *rest = re.split(r"\*+", text)
    if not rest:
        return re.compile(re.escape(head))
    middle = "".join(f"(?>.*?{re.escape(piece)})" for piece in rest[:-1])
    return re.compile(f"{re.escape(head)}{middle}.*{re.escape(rest[-1])}", re.DOTALL)


def _of_membership(scope: Membership) -> Callable[[Tags], bool]:
    tests = [_of_text(f"{scope.key}:{value}") for value in scope.values]
    return lambda tags: any(test(tags) for test in tests) != scope.negated


def _of_not(scope: Not) -> Callable[[Tags], bool]:
    test = matcher(scope.operand)
    return lambda tags: not test(tags)


def _of_all(scope: Terms | AllOf) -> Callable[[Tags], bool]:
    tests = [matcher(each) for each in scope.operands]
    return lambda tags: all(test(tags) for test in tests)


def _of_any(scope: AnyOf) -> Callable[[Tags], bool]:
    tests = [matcher(each) for each in scope.operands]
    return lambda tags: any(test(tags) for test in tests)


def _of_variable(scope: Variable) -> Callable[[Tags], bool]:
    raise NotSimulated(f"`${scope.name}` is a template variable; a monitor has no value for it", scope)


_MATCHERS: dict[type[Scope], Callable[..., Callable[[Tags], bool]]] = {
    Everything: lambda _: lambda _: True,
    Tag: _of_tag,
    Variable: _of_variable,
    Membership: _of_membership,
    Not: _of_not,
    Terms: _of_all,
    AllOf: _of_all,
    AnyOf: _of_any,
}
