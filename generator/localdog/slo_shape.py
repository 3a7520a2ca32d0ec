"""What an SLO becomes on the server: thresholds shown as texts, tags sorted, the count beside the query.

Written from 83 recorded answers of 2020 to 2026.
"""

from __future__ import annotations

import re
from typing import Any

from generator.localdog.organisation import Json, Payload
from generator.query.nodes import Binary, Expression, MetricQuery
from generator.query.parser import parse_expression
from generator.query.printer import print_query
from generator.query.problem import SyntaxProblem

INTERVAL_SECONDS = 300
_WORD = re.compile(r"[A-Za-z_]\w*")
SHOWN_NUMBERS = ("target_threshold", "warning_threshold")
BEYOND_NUMBERS = 10**300
KEPT = ("groups", "monitor_ids", "query", "sli_specification")


def completed(sent: Payload) -> Payload:
    thresholds = [threshold_of(each) for each in sent["thresholds"]]
    given = {name: sent[name] for name in ("timeframe", "target_threshold", "warning_threshold") if sent.get(name)}
    return {
        "name": sent["name"],
        "tags": sorted({str(tag).lower() for tag in sent.get("tags") or ()}),
        "thresholds": thresholds,
        "type": sent["type"],
        "description": sent.get("description") or "",
        **chosen(sent["thresholds"], sent.get("timeframe")),
        **given,
        **_content(sent),
    }


def chosen(thresholds: list[Payload], timeframe: Json) -> Payload:
    """The threshold of the time frame that is asked for, else the first; its numbers stay as they were sent."""
    first = next((each for each in thresholds if each["timeframe"] == timeframe), thresholds[0])
    warning = {} if first.get("warning") is None else {"warning_threshold": first["warning"]}
    return {"timeframe": first["timeframe"], "target_threshold": first["target"], **warning}


def as_decimal(number: Json) -> Json:
    return float(number) if type(number) is int and abs(number) < BEYOND_NUMBERS else number


def threshold_of(sent: Payload) -> Payload:
    found: Payload = {"timeframe": sent["timeframe"]}
    for name in ("target", "warning"):
        if sent.get(name) is not None:
            found |= {name: float(sent[name]), f"{name}_display": displayed(float(sent[name]))}
    return found


def displayed(number: float) -> str:
    """`95.` for 95, `99.5`: recorded."""
    return f"{number:g}." if number == int(number) else repr(number)


def _content(sent: Payload) -> dict[str, Any]:
    found = {name: sent[name] for name in KEPT if sent.get(name)}
    if sent["type"] == "metric":
        found.pop("monitor_ids", None)
        count = (found.get("sli_specification") or {}).get("count")
        if count:
            return {**found, "query": found.get("query") or query_of(count)}
        return {**found, **specified(found["query"])}
    if sent["type"] == "time_slice":
        part = found["sli_specification"]["time_slice"]
        return {**found, "sli_specification": {"time_slice": {**part, "query_interval_seconds": _interval(part)}}}
    return found


def _interval(part: Payload) -> Json:
    return part.get("query_interval_seconds") or INTERVAL_SECONDS


def specified(query: Payload) -> Payload:
    """The count of a query: each metric is a query of its own, and sums stand in brackets: recorded."""
    trees = [parse_expression(query[part]) for part in ("numerator", "denominator")]
    names: dict[str, str] = {}
    formulas = [None if isinstance(tree, SyntaxProblem) else formula(tree, names) for tree in trees]
    if None in formulas:
        return {}
    queries = [{"data_source": "metrics", "name": name, "query": text} for text, name in names.items()]
    good, total = ({"formula": each} for each in formulas)
    count = {"queries": queries, "good_events_formula": good, "total_events_formula": total}
    return {"sli_specification": {"count": count}}


def formula(tree: Expression, names: dict[str, str]) -> str | None:
    """The expression with names in the place of its metrics, which are numbered in their order.

    Only sums and the like were recorded.
    """
    if isinstance(tree, MetricQuery):
        return names.setdefault(print_query(tree), f"query{len(names) + 1}")
    if not isinstance(tree, Binary):
        return None
    left, right = formula(tree.left, names), formula(tree.right, names)
    return None if left is None or right is None else f"({left} {tree.operator} {right})"


def query_of(count: Payload) -> Payload:
    """The formulas with the queries in the place of their names: recorded, brackets included."""
    texts = {each["name"]: each["query"] for each in count.get("queries") or ()}

    def written(name: str) -> str:
        formula = (count.get(name) or {}).get("formula", "")
        return _WORD.sub(lambda word: texts.get(word[0], word[0]), formula)

    good = written("good_events_formula")
    total = written("total_events_formula") or f"({good}) + ({written('bad_events_formula')})"
    return {"numerator": good, "denominator": total}
