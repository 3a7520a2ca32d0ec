"""Trees of every language of the package, as hypothesis makes them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from hypothesis import strategies as st

from generator.query import nodes as tree
from generator.query.function import Function, Kind, Parameter
from generator.query.functions import FUNCTIONS
from generator.query.methods import HEADS, WINDOW_METHODS
from generator.query.nodes import Node
from generator.query.parser import GRAMMARS
from generator.query.printer import print_query
from generator.query.scope_algebra import negation

names = st.sampled_from(["a", "interval", "query1", "_x9", "Threshold"])
metrics = st.sampled_from(["a.b", "system.load.1", "a.5xx_b", "A.b_C.d", "last_5m.x", "avg.by"])
keys = st.sampled_from(["env", "a-b", "host.name", "k_1", "x/y", "android"])
values = st.sampled_from(["prod", "web-*", "*a", "*", "/dev/x", "24_hours", "b:c", "$v.value", "é", "notes"])
integers = st.integers(-(10**12), 10**12)
numbers = st.one_of(integers, st.floats(-1e300, 1e300, allow_nan=False))
literals = st.builds(tree.Number, numbers)
strings = st.builds(tree.StringLiteral, st.text('a ,(){}<>="-', max_size=6))
words = st.builds(tree.Name, names)

tags = st.builds(tree.Tag, keys, st.one_of(st.none(), values, st.just("")))
terms = st.one_of(tags, st.builds(tree.Variable, st.sampled_from(["env", "host.value"])), st.just(tree.EVERYTHING))
symbolic = st.lists(st.one_of(terms, st.builds(tree.Not, terms)), min_size=2, max_size=4).map(
    lambda found: tree.Terms(tuple(found))
)
memberships = st.builds(tree.Membership, keys, st.lists(values, min_size=1, max_size=3).map(tuple), st.booleans())


def flat(kind: Callable[[tuple[Any, ...]], Node], parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    others = parts.filter(lambda part: type(part) is not kind)
    return st.lists(others, min_size=2, max_size=3).map(lambda found: kind(tuple(found)))


booleans = st.recursive(
    st.one_of(tags, memberships),
    lambda inner: st.one_of(flat(tree.AllOf, inner), flat(tree.AnyOf, inner), st.builds(negation, inner)),
    max_leaves=5,
)
scopes = st.one_of(st.just(tree.EVERYTHING), terms, st.builds(tree.Not, terms), symbolic, booleans)

seconds = st.integers(1, 10**6)
hours = st.sampled_from([tree.Name("12am"), tree.Name("monday"), tree.Number(9)])
rollups = st.one_of(
    st.builds(tree.Rollup, st.none(), seconds),
    st.builds(tree.Rollup, st.sampled_from(["sum", "p95"]), st.one_of(st.none(), seconds, st.just("daily"))),
    st.builds(tree.Rollup, st.just("avg"), st.just("daily"), st.lists(strings | hours, max_size=2).map(tuple)),
)
fills = st.builds(tree.Fill, st.one_of(st.sampled_from(["zero", "last"]), numbers), st.one_of(st.none(), seconds))
modifiers = st.one_of(st.sampled_from([tree.AsCount(), tree.AsRate(), tree.Weighted()]), rollups, fills)
comparators = st.sampled_from([">", ">=", "<", "<=", "==", "!="])
spaces = st.one_of(
    st.sampled_from([None, "avg", "count", "p99.9"]), st.builds(tree.ThresholdCount, comparators, numbers)
)
leaves = st.builds(
    tree.MetricQuery,
    metrics,
    spaces,
    scopes,
    st.lists(keys, max_size=3).map(tuple),
    st.lists(modifiers, max_size=3).map(tuple),
)


zones = st.sampled_from(["UTC", "Asia/Tokyo"])
groupings = st.builds(tree.Grouping, st.lists(keys | st.just("*"), min_size=1, max_size=2).map(tuple))


def texts(found: st.SearchStrategy[str]) -> st.SearchStrategy[Node]:
    return found.map(tree.StringLiteral)


def argument(parameter: Parameter, inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """What fits a parameter."""
    if parameter.choices:
        return texts(st.sampled_from(parameter.choices))
    fitting: dict[Kind, st.SearchStrategy[Node]] = {
        Kind.EXPRESSION: inner,
        Kind.NUMBER: literals,
        Kind.WHOLE_NUMBER: st.builds(tree.Number, integers),
        Kind.STRING: strings,
        Kind.DURATION: st.builds(tree.Number, seconds) | texts(st.sampled_from(["60m", "1mo"])),
        Kind.WINDOW: texts(st.just("last_15m")),
        Kind.SHIFT: texts(st.sampled_from(["-1d", "-2w"])),
        Kind.TIMEZONE: texts(zones),
        Kind.GROUPING: groupings,
    }
    return fitting[parameter.kind]


def call(function: Function, inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """A call with all, or all but the last, of the arguments that may be left out, and any of the named ones."""
    least = sum(not each.optional for each in function.parameters)
    given = [argument(each, inner) for each in function.parameters]
    arguments = st.integers(least, len(given)).flatmap(lambda size: st.tuples(*given[:size]))
    keywords: st.SearchStrategy[Any] = st.just(())
    if function.keywords:
        pairs = [st.tuples(st.just(each.name), argument(each, inner)) for each in function.keywords]
        keywords = st.lists(st.one_of(pairs), max_size=2).map(tuple)
    return st.builds(tree.Call, st.just(function.name), arguments, keywords)


def calls(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.sampled_from(sorted(FUNCTIONS)).flatmap(lambda name: call(FUNCTIONS[name], inner))


def calls_without_row(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Of functions that products have in their formulas; they take any arguments."""
    keywords = st.tuples(names, st.one_of(strings, literals, words))
    return st.builds(
        tree.Call,
        st.sampled_from(["failed_runs", "xyz"]),
        st.lists(st.one_of(inner, strings, groupings), min_size=1, max_size=3).map(tuple),
        st.lists(keywords, max_size=2).map(tuple),
    )


def arithmetic(
    leaf: st.SearchStrategy[Node], *functions: Callable[[st.SearchStrategy[Node]], st.SearchStrategy[Node]]
) -> st.SearchStrategy[Node]:
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.builds(tree.Binary, st.sampled_from("+-*/"), inner, inner),
            st.builds(tree.Unary, inner),
            *(each(inner) for each in functions),
        ),
        max_leaves=6,
    )


expressions = arithmetic(st.one_of(leaves, literals), calls)
formulas = arithmetic(st.one_of(words, literals, leaves), calls, calls_without_row)
lists = st.lists(expressions, min_size=2, max_size=3).map(lambda found: tree.QueryList(tuple(found)))
dashboard_queries = st.one_of(expressions, lists)
units = st.sampled_from(["m", "h", "d", "w", "mo"])
windows = st.builds(tree.Window, st.sampled_from(["last", "current", "next"]), st.integers(1, 999), units)
shifts = st.builds(tree.Window, st.sampled_from(["last", "ago"]), st.integers(1, 999), units)
changes = st.builds(tree.Change, st.sampled_from(["change", "pct_change"]), shifts)
aggregations = st.builds(tree.TimeAggregation, st.sampled_from(["avg", "max"]), windows, st.none() | changes)
monitors = st.builds(
    tree.MonitorQuery, aggregations, expressions, comparators, st.one_of(numbers, st.just("threshold"))
)

quoted = st.builds(
    tree.StringLiteral,
    st.lists(st.sampled_from(["a", "@b:c", "'", '\\"', "\\\\", "\\x", " ("])).map("".join),
    st.just('"'),
)
chain_words = st.builds(tree.Name, st.sampled_from(["10d", "job_name", "@usr.id", "*"]))
chain_arguments = st.lists(st.one_of(quoted, literals, chain_words), max_size=3).map(tuple)
chain_keywords = st.lists(st.tuples(names, st.one_of(quoted, literals)), max_size=2).map(tuple)
free_methods = st.sampled_from(["index", "by", "over", "new", "exclude", "anomaly"])
methods = st.lists(st.builds(tree.Method, free_methods, chain_arguments, chain_keywords), max_size=3)
durations = st.one_of(
    st.builds(tree.StringLiteral, st.sampled_from(["5m", "1mo", "90s"]), st.just('"')), st.just(tree.Name("10d"))
)
aggregations_of_events = st.builds(tree.StringLiteral, st.sampled_from(["count", "pc99.9", "new_one"]), st.just('"'))


def required_method(name: str, *, counts: bool) -> st.SearchStrategy[tree.Method]:
    """A method that a chain cannot do without; a service check counts where others have a window."""
    argument: st.SearchStrategy[tree.ChainArgument] = quoted
    if name in WINDOW_METHODS:
        argument = st.integers(1, 9).map(tree.Number) if counts else durations
    elif name == "rollup":
        argument = aggregations_of_events
    return argument.map(lambda found: tree.Method(name, (found,)))


def methods_of(head: str) -> st.SearchStrategy[tuple[tree.Method, ...]]:
    picked = [st.sampled_from(alternatives) for alternatives in HEADS[head].required]
    required = [pick.flatmap(partial(required_method, counts=head == "service check")) for pick in picked]
    return st.builds(lambda free, *ends: (*free, *ends), methods, *required)


def chain(pair: tuple[str, str]) -> st.SearchStrategy[tuple[str, tree.ChainQuery]]:
    monitor_type, head = pair
    arguments = formula_heads if head == "formula" else st.lists(quoted, max_size=1).map(tuple)
    query = st.builds(tree.ChainQuery, st.just(head), arguments, methods_of(head), comparators, numbers)
    return st.tuples(st.just(monitor_type), query)


HEADS_OF_TYPES = [
    (monitor_type, head)
    for monitor_type, grammar in GRAMMARS.items()
    if isinstance(grammar, partial)
    for head in grammar.keywords["heads"]
]
formula_texts = formulas.map(print_query).map(lambda text: text.replace("\\", "").replace('"', '\\"'))
formula_heads = formula_texts.map(lambda text: (tree.StringLiteral(text, '"'),))
chains = st.sampled_from(HEADS_OF_TYPES).flatmap(chain)
checks = st.builds(tree.ChainQuery, quoted, st.just(()), methods_of("service check"))

references = st.builds(tree.Reference, st.sampled_from(["a", "shop/api", "s.1/a-b/prod", "main/s/n.e/p"]))
operands = st.recursive(
    st.one_of(references, st.builds(tree.MonitorId, st.integers(0, 10**17))),
    lambda inner: st.one_of(flat(tree.Both, inner), flat(tree.Either, inner), st.builds(tree.Inverse, inner)),
    max_leaves=6,
)
queries = st.one_of(
    st.tuples(st.just("metric alert"), monitors),
    chains,
    st.tuples(st.just("service check"), checks),
    st.tuples(st.just("composite"), st.builds(tree.CompositeQuery, operands)),
)
