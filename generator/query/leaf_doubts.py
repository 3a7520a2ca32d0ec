"""What is odd about one metric with its scope, groups and modifiers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from generator.query.calendar_rollup import calendar_doubts
from generator.query.doubt import Doubt
from generator.query.nodes import (
    AllOf,
    AnyOf,
    AsCount,
    AsRate,
    Everything,
    Fill,
    Membership,
    MetricQuery,
    Modifier,
    Not,
    Rollup,
    Scope,
    SourceRange,
    Tag,
    Terms,
    Variable,
    Weighted,
)
from generator.query.printer import print_query
from generator.query.problem import shown

# A rollup may follow another: each adds a layer.
_ONCE = frozenset({AsCount, AsRate, Weighted, Fill})
_ODD_IN_KEYS = frozenset(":$")
_OTHER_READING: dict[type[Modifier], type[Modifier]] = {AsCount: AsRate, AsRate: AsCount}


def leaf_doubts(leaf: MetricQuery, *, in_monitor: bool) -> Iterable[Doubt]:
    return () if _is_plain_leaf(leaf) else _doubts(leaf, in_monitor=in_monitor)


def _doubts(leaf: MetricQuery, *, in_monitor: bool) -> Iterator[Doubt]:
    yield from _modifier_doubts(leaf.modifiers)
    yield from _group_doubts(leaf, in_monitor=in_monitor)
    yield from _scope_doubts(leaf.scope, in_monitor=in_monitor)


def _is_plain_leaf(leaf: MetricQuery) -> bool:
    """Tell at a glance that nothing is odd, as about nearly every leaf."""
    modifiers, keys = leaf.modifiers, leaf.group_by
    if modifiers and (len(modifiers) > 1 or isinstance(modifiers[0], Rollup)):
        return False
    if keys and (len(set(keys)) < len(keys) or not _ODD_IN_KEYS.isdisjoint("".join(keys))):
        return False
    return _is_plain(leaf.scope)


def _is_plain(scope: Scope) -> bool:
    if isinstance(scope, Tag):
        return _is_plain_tag(scope)
    if isinstance(scope, Terms):
        tags = [each.operand if isinstance(each, Not) else each for each in scope.operands]
        return len({(tag.key, tag.value) for tag in tags if isinstance(tag, Tag) and _is_plain_tag(tag)}) == len(tags)
    return isinstance(scope, Everything)


def _is_plain_tag(tag: Tag) -> bool:
    value = tag.value or " "
    return value[0] != " " and "$" not in value and tag.key[0] != "-"


def _modifier_doubts(modifiers: tuple[Modifier, ...]) -> Iterator[Doubt]:
    seen: set[type[Modifier]] = set()
    for modifier in modifiers:
        kind = type(modifier)
        if isinstance(modifier, Rollup):
            yield from calendar_doubts(modifier)
        elif kind in seen and kind in _ONCE:
            yield Doubt(f"{shown(print_query(modifier))} stands after another of its kind", modifier.span, "keep one")
        elif _OTHER_READING.get(kind) in seen:
            yield Doubt("`.as_count()` and `.as_rate()` read the same metric in two ways", modifier.span, "keep one")
        seen.add(kind)


def _group_doubts(leaf: MetricQuery, *, in_monitor: bool) -> Iterator[Doubt]:
    keys = leaf.group_by
    places = leaf.key_spans or (leaf.group_by_span,) * len(keys)
    for place in _repeated(keys):
        yield Doubt(f"the tag key {shown(keys[place])} stands twice in `by`", places[place], "keep one")
    for key, span in zip(keys, places, strict=True):
        if in_monitor and "$" in key:
            yield _variable(key, span)
        elif ":" in key:
            hint = f"write {shown(key.partition(':')[0])}, and the value in the scope"
            yield Doubt(f"a metric is grouped by tag keys, and {shown(key)} has a value", span, hint)


def _scope_doubts(scope: Scope, *, in_monitor: bool) -> Iterator[Doubt]:
    if isinstance(scope, Tag):
        yield from _tag_doubts(scope, in_monitor=in_monitor)
    elif isinstance(scope, Variable):
        if in_monitor:
            yield _variable(print_query(scope), scope.span)
    elif isinstance(scope, Not):
        yield from _scope_doubts(scope.operand, in_monitor=in_monitor)
    elif isinstance(scope, Terms | AllOf | AnyOf):
        seen: set[Scope] = set()
        for operand in scope.operands:
            if operand in seen:
                yield Doubt(f"{shown(print_query(operand))} stands twice in the scope", operand.span, "keep one")
            seen.add(operand)
            yield from _scope_doubts(operand, in_monitor=in_monitor)
    elif isinstance(scope, Membership):
        yield from _membership_doubts(scope, in_monitor=in_monitor)


def _membership_doubts(membership: Membership, *, in_monitor: bool) -> Iterator[Doubt]:
    values = membership.values
    places = membership.value_spans or (membership.span,) * len(values)
    for place in _repeated(values):
        yield Doubt(f"the value {shown(values[place])} stands twice in the list of IN", places[place], "keep one")
    if in_monitor:
        yield from (_variable(value, span) for value, span in zip(values, places, strict=True) if "$" in value)


def _tag_doubts(tag: Tag, *, in_monitor: bool) -> Iterator[Doubt]:
    value = tag.value
    if tag.key[0] == "-":
        yield Doubt(
            f"{shown(print_query(tag))} is a tag of its own", tag.span, f"exclude with {shown(f'!{tag.key[1:]}:…')}"
        )
    if value is None:
        return
    if not value:
        yield Doubt(f"the tag key {shown(tag.key)} has no value", tag.span, "match any value with `key:*`")
    elif value[0] == " ":
        hint = f"write {shown(f'{tag.key}:{value[1:]}')}"
        yield Doubt("whether Datadog drops the blank after `:` is not known", tag.span, hint)
    elif in_monitor and "$" in value:
        yield _variable(print_query(tag), tag.span)


def _variable(text: str, span: SourceRange) -> Doubt:
    message = f"only dashboards have template variables, found {shown(text)}"
    return Doubt(message, span, "write the tag itself, or `*`")


def _repeated(names: Sequence[str]) -> Iterator[int]:
    """Yield where each name stands that stood before."""
    seen: set[str] = set()
    for place, name in enumerate(names):
        if name in seen:
            yield place
        seen.add(name)
