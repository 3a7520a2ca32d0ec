"""What became of a query, in words: `window 5 minutes → 15 minutes`, `now also in `env:staging``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from generator.explain.chain_methods import argument_text, duration_of, head_argument
from generator.explain.composites import composite_condition
from generator.explain.durations import duration_words, window_words
from generator.explain.expressions import space_words
from generator.explain.phrases import LONGEST_SCOPE, code, listed, number
from generator.explain.predicates import DYNAMIC_THRESHOLD
from generator.explain.scope_changes import scope_change
from generator.explain.shifts import common_shift
from generator.query.groups import result_groups
from generator.query.inspection import calls, leaves
from generator.query.methods import WINDOW_METHODS
from generator.query.nodes import ChainQuery, CompositeQuery, MonitorQuery, Node
from generator.query.printer import print_query


def query_changes(before: Node, after: Node) -> tuple[str, ...]:
    """Each difference in words; nothing where there is none, or none that words tell better than the two texts."""
    if type(before) is not type(after) or before == after:
        return ()
    return tuple(words for part in _PARTS.get(type(before), ()) for words in part(before, after))


def _changed(what: str, before: str, after: str) -> Iterator[str]:
    if before != after:
        yield f"{what} {before} → {after}"


def _threshold(before: MonitorQuery | ChainQuery, after: MonitorQuery | ChainQuery) -> Iterator[str]:
    if before.threshold is None or after.threshold is None:
        return
    is_same = before.comparator == after.comparator
    old, new = (f"{'' if is_same else f'{query.comparator} '}{_number(query.threshold)}" for query in (before, after))
    yield from _changed("threshold", old, new)


def _number(threshold: float | str | None) -> str:
    return DYNAMIC_THRESHOLD if isinstance(threshold, str) else number(threshold)


def _groups(before: Node, after: Node) -> Iterator[str]:
    old, new = (listed(result_groups(query) or ("none",)) for query in (before, after))
    yield from _changed("groups", old, new)


def _metrics(before: MonitorQuery, after: MonitorQuery) -> Iterator[str]:
    old, new = ([leaf.metric for leaf in leaves(query)] for query in (before, after))
    if old != new:
        yield from _sets("metric", old, new)


def _scopes(before: MonitorQuery, after: MonitorQuery) -> Iterator[str]:
    old, new = (list(dict.fromkeys(leaf.scope for leaf in leaves(query))) for query in (before, after))
    if old == new:
        return
    if len(old) == 1 and len(new) == 1:
        yield scope_change(old[0], new[0])
    elif old and new:
        yield from _sets("scope", map(print_query, old), map(print_query, new))


def _spaces(before: MonitorQuery, after: MonitorQuery) -> Iterator[str]:
    old, new = leaves(before), leaves(after)
    if [leaf.metric for leaf in old] != [leaf.metric for leaf in new]:
        return
    for was, is_now in zip(old, new, strict=True):
        if was.space != is_now.space:
            yield f"{space_words(was)}{code(was.metric)} → {space_words(is_now)}{code(was.metric)}"


def _modifiers(before: MonitorQuery, after: MonitorQuery) -> Iterator[str]:
    yield from _more_or_less(
        *([print_query(each) for leaf in leaves(query) for each in leaf.modifiers] for query in (before, after))
    )


def _functions(before: MonitorQuery, after: MonitorQuery) -> Iterator[str]:
    yield from _more_or_less(*([call.name for call in calls(query)] for query in (before, after)))


def _shift(before: MonitorQuery, after: MonitorQuery) -> Iterator[str]:
    old, new = (common_shift(query.expression) for query in (before, after))
    if old is not None and new is not None:
        yield from _changed("looks back", duration_words(abs(old)), duration_words(abs(new)))


def _time(before: MonitorQuery, after: MonitorQuery) -> Iterator[str]:
    old, new = before.aggregation, after.aggregation
    yield from _changed("time aggregation", old.function, new.function)
    yield from _changed("window", window_words(old.window), window_words(new.window))
    was, is_now = (f"against {window_words(each.change.shift)} earlier ({each.change.kind})" if each.change else "none"
                   for each in (old, new))  # fmt: skip
    yield from _changed("comparison", was, is_now)


def _search(before: ChainQuery, after: ChainQuery) -> Iterator[str]:
    yield from _changed("source", code(_head(before)), code(_head(after)))
    old, new = (code(head_argument(query), LONGEST_SCOPE) for query in (before, after))
    yield from _changed("search", old, new)


def _head(query: ChainQuery) -> str:
    return query.head if isinstance(query.head, str) else query.head.text


def _methods(before: ChainQuery, after: ChainQuery) -> Iterator[str]:
    names = dict.fromkeys(method.name for query in (before, after) for method in query.methods if method.name != "by")
    for name in names:
        old, new = ([each for each in query.methods if each.name == name] for query in (before, after))
        if old == new:
            continue
        is_window = name in WINDOW_METHODS and all(len(each.args) == 1 for each in (*old, *new))
        if is_window and len(old) == len(new) == 1:
            what = "window" if name == "last" else name.replace("_", " ")
            yield from _changed(what, *(duration_of(argument_text(each.args[0])) for each in (*old, *new)))
        else:
            yield from _more_or_less(*([print_query(each) for each in found] for found in (old, new)))


def _condition(before: CompositeQuery, after: CompositeQuery) -> Iterator[str]:
    yield from _changed("condition:", composite_condition(before), composite_condition(after))


def _sets(what: str, before: Iterator[str] | Sequence[str], after: Iterator[str] | Sequence[str]) -> Iterator[str]:
    old, new = (
        listed([code(text, LONGEST_SCOPE) for text in dict.fromkeys(texts)] or ["none"]) for texts in (before, after)
    )
    yield from _changed(what, old, new)


def _more_or_less(before: list[str], after: list[str]) -> Iterator[str]:
    """`default_zero` added; `.rollup(sum, 60)` → `.rollup(sum, 300)`."""
    removed, added = ([text for text in dict.fromkeys(ones) if text not in others]
                      for ones, others in ((before, after), (after, before)))  # fmt: skip
    if len(removed) == len(added) == 1:
        yield f"{code(removed[0])} → {code(added[0])}"
        return
    for texts, what in ((added, "added"), (removed, "removed")):
        if texts:
            yield f"{listed(map(code, texts))} {what}"


_PARTS: dict[type[Node], tuple[Callable[[Any, Any], Iterator[str]], ...]] = {
    MonitorQuery: (_metrics, _scopes, _groups, _spaces, _modifiers, _functions, _shift, _time, _threshold),
    ChainQuery: (_search, _groups, _methods, _threshold),
    CompositeQuery: (_condition,),
}
