"""A monitor whose query is a formula over the metric queries of `options.variables`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from generator.query.formula_text import plain_formula
from generator.query.nodes import (
    Binary,
    Call,
    ChainQuery,
    Expression,
    MonitorQuery,
    Name,
    StringLiteral,
    TimeAggregation,
    Unary,
    Window,
)
from generator.query.parser import parse_dashboard_query, parse_formula, parse_monitor
from generator.query.problem import SyntaxProblem
from generator.simulate.refusal import NotSimulated

_DURATION = re.compile(r"([0-9]{1,6})(mo|[mhdw])\Z")


def formula_query(payload: Mapping[str, Any]) -> MonitorQuery | None:
    """The query with its variables put in; None where it is no formula. They must all be aggregated alike."""
    chain = parse_monitor("query alert", str(payload.get("query") or ""))
    if not isinstance(chain, ChainQuery) or chain.head != "formula":
        return None
    options = payload.get("options")
    variables = _variables(options.get("variables") if isinstance(options, Mapping) else None)
    functions = {function for _, function in variables.values()}
    if len(functions) > 1:
        raise NotSimulated("a formula over queries that are aggregated differently", chain)
    first = chain.arguments[0] if chain.arguments else None
    formula = parse_formula(plain_formula(first.text)) if isinstance(first, StringLiteral) else None
    if formula is None or isinstance(formula, SyntaxProblem):
        raise NotSimulated("a formula that cannot be read", chain)
    return MonitorQuery(
        TimeAggregation(functions.pop() if functions else "avg", _window(chain)),
        _with_queries(formula, {name: query for name, (query, _) in variables.items()}),
        chain.comparator or ">",
        0.0 if chain.threshold is None else chain.threshold,
    )


def _variables(given: object) -> dict[str, tuple[Expression, str]]:
    found: dict[str, tuple[Expression, str]] = {}
    for each in given if isinstance(given, list) else ():
        if not isinstance(each, Mapping) or each.get("data_source") != "metrics":
            source = str(each.get("data_source"))[:40] if isinstance(each, Mapping) else "nothing"
            raise NotSimulated(f"a formula over `{source}`: only queries of metrics are simulated")
        query = parse_dashboard_query(str(each.get("query") or ""))
        if isinstance(query, SyntaxProblem):
            raise NotSimulated(f"the formula's query `{str(each.get('name'))[:40]}` cannot be read")
        found[str(each.get("name"))] = (query, str(each.get("aggregator") or "avg"))
    return found


def _window(chain: ChainQuery) -> Window:
    if [method.name for method in chain.methods] != ["last"]:
        raise NotSimulated("a formula with other methods than `.last()`: what they do is not documented", chain)
    last = chain.methods[0].args[0] if chain.methods[0].args else None
    found = _DURATION.match(last.text) if isinstance(last, StringLiteral | Name) else None
    if found is None:
        raise NotSimulated("a formula without a window", chain)
    return Window("last", int(found[1]), found[2])


def _with_queries(node: Expression, queries: Mapping[str, Expression]) -> Expression:
    if isinstance(node, Name):
        if node.text not in queries:
            raise NotSimulated(f"the formula names `{node.text[:40]}`, which `options.variables` does not have")
        return queries[node.text]
    if isinstance(node, Binary):
        return replace(node, left=_with_queries(node.left, queries), right=_with_queries(node.right, queries))
    if isinstance(node, Unary):
        return replace(node, operand=_with_queries(node.operand, queries))
    if isinstance(node, Call) and node.args:
        return replace(node, args=(_with_queries(node.args[0], queries), *node.args[1:]))
    return node
