"""Which tags a source needs for a query to read it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from generator.query.nodes import AllOf, AnyOf, Membership, MetricQuery, Scope, Tag, Terms
from generator.simulate.refusal import NotSimulated
from generator.simulate.scopes import matcher

_ANY = "any"


def shared_tags(leaves: Iterable[MetricQuery]) -> frozenset[str]:
    """The tags that all of the queries ask for."""
    return frozenset.intersection(*(frozenset(_tags(leaf.scope)) for leaf in leaves))


def with_own(tags: frozenset[str], own: Iterable[str]) -> frozenset[str]:
    """A source's own tags beside those; one of its own replaces those with the same key."""
    mine = frozenset(tag.lower() for tag in own)
    keys = {key_of(tag) for tag in mine}
    return mine | {tag for tag in tags if key_of(tag) not in keys}


def key_of(tag: str) -> str:
    return tag.partition(":")[0]


def readers(leaves: Iterable[MetricQuery], tags: frozenset[str]) -> tuple[MetricQuery, ...]:
    """The queries that read a source with these tags; all where a scope cannot be decided."""
    return tuple(leaf for leaf in leaves if _reads(leaf, tags))


def _reads(leaf: MetricQuery, tags: frozenset[str]) -> bool:
    try:
        return matcher(leaf.scope)(tags)
    except NotSimulated:
        return True


def _tags(scope: Scope) -> frozenset[str]:
    """Tags that match a scope, if it asks for any; what must not be there is not."""
    return _MAKERS[type(scope)](scope) if type(scope) in _MAKERS else frozenset()


def _of_tag(tag: Tag) -> frozenset[str]:
    if tag.value is None:
        return frozenset((tag.key.lower(),))
    return frozenset((f"{tag.key}:{tag.value.replace('*', '') or _ANY}".lower(),))


def _of_membership(scope: Membership) -> frozenset[str]:
    return frozenset() if scope.negated else _of_tag(Tag(scope.key, scope.values[0]))


def _of_all(scope: Terms | AllOf) -> frozenset[str]:
    return frozenset[str]().union(*map(_tags, scope.operands))


def _of_any(scope: AnyOf) -> frozenset[str]:
    return _tags(scope.operands[0])


_MAKERS: dict[type[Scope], Callable[..., frozenset[str]]] = {
    Tag: _of_tag,
    Membership: _of_membership,
    Terms: _of_all,
    AllOf: _of_all,
    AnyOf: _of_any,
}
