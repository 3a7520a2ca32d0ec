"""What rules about messages share: complaints of their problems, and what a query lets a message name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from generator.lint.rendered import METRIC_TYPES
from generator.lint.rule import Complaint, Field
from generator.message.nodes import Branch, Literal, Path
from generator.message.problem import MessageProblem, shown
from generator.query.inspection import group_keys, leaves
from generator.query.nodes import (
    AllOf,
    AnyOf,
    ChainQuery,
    Membership,
    MonitorQuery,
    Name,
    Query,
    Scope,
    StringLiteral,
    Tag,
    Terms,
)

MOST_COMPLAINTS = 20
"""Of one rule about one text: a text with more is mended a part at a time."""


def complaints(problems: Iterable[MessageProblem], field: Field) -> Iterator[Complaint]:
    for problem in islice(problems, MOST_COMPLAINTS):
        yield Complaint(problem.message, field, hint=problem.hint, start=problem.start, end=problem.end)


def branch_words(branch: Branch) -> str:
    """What opens the branch."""
    text = shown(branch.opening.text)
    return text if branch.holds is not branch.condition.is_negated else f"`{{{{else}}}}` of {text}"


def condition_arguments(branch: Branch) -> tuple[str, ...]:
    return tuple(each.text if isinstance(each, Literal | Path) else each.name for each in branch.condition.arguments)


def known_keys(query: Query, monitor_type: str) -> frozenset[str] | None:
    """The tag keys that a query groups or filters by; None where it is not known what its groups carry."""
    if isinstance(query, MonitorQuery):
        keys = frozenset(group_keys(query)).union(*(_scope_keys(leaf.scope) for leaf in leaves(query)))
    elif isinstance(query, ChainQuery) and query.head != "formula" and monitor_type not in METRIC_TYPES:
        keys = frozenset(_chain_keys(query))
    else:
        return None
    return None if "*" in keys else keys


def _scope_keys(scope: Scope) -> frozenset[str]:
    """Keys of tags that a group can be told to carry; what is excluded it does not."""
    if isinstance(scope, Tag | Membership):
        return frozenset((scope.key,))
    if isinstance(scope, Terms | AllOf | AnyOf):
        return frozenset[str]().union(*map(_scope_keys, scope.operands))
    return frozenset()


def fixed_tags(query: Query) -> Mapping[str, str]:
    """The tags that all metrics of a query are filtered by, where each key has one value and makes no groups."""
    if not isinstance(query, MonitorQuery):
        return {}
    grouped = frozenset(group_keys(query))
    every = [dict(_fixed(leaf.scope)) for leaf in leaves(query)]
    first, *others = every or [{}]
    return {
        key: value
        for key, value in first.items()
        if key not in grouped and all(each.get(key) == value for each in others)
    }


def _fixed(scope: Scope) -> Iterator[tuple[str, str]]:
    if isinstance(scope, Tag) and scope.value is not None and "*" not in f"{scope.key}{scope.value}":
        yield scope.key, scope.value.lower()
    elif isinstance(scope, AllOf) or (isinstance(scope, Terms) and _keys_once(scope)):
        for operand in scope.operands:
            yield from _fixed(operand)


def _keys_once(scope: Terms) -> bool:
    """Of several values of one key, a list of terms takes either."""
    keys = [each.key for each in scope.operands if isinstance(each, Tag)]
    return len(keys) == len(set(keys))


def _chain_keys(query: ChainQuery) -> Iterator[str]:
    """`.by("host")`, and of a service check `.over("env:prod")`."""
    yield from group_keys(query)
    for method in query.methods:
        if method.name == "over":
            for argument in method.args:
                if isinstance(argument, StringLiteral | Name):
                    yield argument.text.partition(":")[0]
