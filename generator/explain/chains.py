"""The queries of logs, events, checks, SLOs and composites in words."""

from __future__ import annotations

from collections.abc import Iterator

from generator.explain.durations import counted, span_words
from generator.explain.phrases import QUANTITIES, code, listed, number, ordinal
from generator.query.nodes import (
    Both,
    ChainArgument,
    ChainQuery,
    CompositeQuery,
    Either,
    Inverse,
    Method,
    MonitorId,
    Number,
    Operand,
    Reference,
    StringLiteral,
)

_SUBJECTS = {
    "audits": "audit events",
    "ci-pipelines": "CI pipeline events",
    "ci-tests": "CI test events",
    "database-monitoring": "database events",
    "error-tracking": "errors",
    "error-tracking-logs": "errors in logs",
    "error-tracking-rum": "errors in browsers",
    "error-tracking-traces": "errors in traces",
    "events": "events",
    "llm-observability": "LLM spans",
    "logs": "logs",
    "network-path": "network paths",
    "network-performance": "network flows",
    "processes": "processes",
    "rum": "RUM events",
    "trace-analytics": "spans",
}
_TAILS = {"anomaly": "anomaly", "change": "change", "forecast": "forecast"}
_UNITS = {"s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week", "mo": "month"}


def chain_condition(query: ChainQuery, threshold: str) -> str:
    if isinstance(query.head, StringLiteral):
        return _check_condition(query, query.head.text, threshold)
    if query.head in _SUBJECTS:
        return f"{_measure(query, _SUBJECTS[query.head])} is {_compared(query, threshold)}{_within(query)}"
    if query.head == "burn_rate":
        long, short = (_window(_first(query, name)) for name in ("long_window", "short_window"))
        rate = f"{_compared(query, threshold)} times as fast as it may"
        return f"the error budget of SLO {_argument(query)} burns {rate} over {long} and {short}"
    if query.head == "error_budget":
        over = _window(_first(query, "over"))
        return f"{_compared(query, threshold)} % of the error budget of SLO {_argument(query)} over {over} is used"
    return f"{_formula(query)} is {_compared(query, threshold)}{_within(query)}"


def composite_condition(query: CompositeQuery) -> str:
    return _operand(query.tree)


def chain_groups(query: ChainQuery) -> str:
    keys = [key for text in _texts(query, "by") for key in text.split(",") if key and key != "*"]
    return f" for each {listed(dict.fromkeys(key.strip() for key in keys))}" if keys else ""


def _check_condition(query: ChainQuery, name: str, threshold: str) -> str:
    over = [text for text in _texts(query, "over") if text != "*"]
    where = f" in {listed(code(text) for text in over)}" if over else ""
    times = f"{threshold} times in a row" if threshold else "too often"
    if any(method.name == "pct_by_status" for method in query.methods):
        times = f"for {threshold} % of its groups" if threshold else "for too many of its groups"
    return f"check {code(name)}{where} fails {times}"


def _formula(query: ChainQuery) -> str:
    """`the anomaly of `query1` (direction above)`."""
    subject = _argument(query)
    rollup = _first(query, "rollup")
    subject = f"the {rollup} of {subject}" if rollup else subject
    for method in query.methods:
        if method.name in _TAILS:
            named = [f"{name} {_text(value)}" for name, value in method.kwargs]
            told = ", ".join([*map(_text, method.args), *named])
            subject = f"the {_TAILS[method.name]} of {subject}{f' ({told})' if told else ''}"
    return subject


def _measure(query: ChainQuery, subject: str) -> str:
    search = query.arguments[0] if query.arguments else None
    found = _text(search) if search is not None else ""
    index = _first(query, "index")
    subject = subject if index in ("", "*") else f"{subject} of index {code(index)}"
    what = subject if found in ("", "*") else f"{subject} that match {code(found)}"
    rollup = tuple(_texts(query, "rollup"))
    if rollup[:1] in ((), ("count",)):
        return f"the number of {what}"
    measured = listed(map(code, rollup[1:])) if rollup[1:] else "values"
    if rollup[0] == "cardinality":
        return f"the number of different {measured} in {what}"
    return f"the {_aggregation(rollup[0])} of {measured} in {what}"


def _aggregation(name: str) -> str:
    """`95th percentile` for `pc95`."""
    return f"{ordinal(name[2:])} percentile" if name.startswith("pc") and name[2:3].isdigit() else name


def _compared(query: ChainQuery, threshold: str) -> str:
    return f"{QUANTITIES.get(query.comparator or '', '')} {threshold}".strip()


def _within(query: ChainQuery) -> str:
    last = _first(query, "last")
    current = _first(query, "current")
    if current:
        return f" in the current {span_words(_window(current))}"
    return f" in the last {span_words(_window(last))}" if last else ""


def _window(text: str) -> str:
    """`5m` → `5 minutes`."""
    amount = text.rstrip("smhdwo")
    unit = _UNITS.get(text[len(amount) :])
    return counted(int(amount), unit) if unit and amount.isascii() and amount.isdigit() else text


def _argument(query: ChainQuery) -> str:
    return code(_text(query.arguments[0])) if query.arguments else code(str(query.head))


def _first(query: ChainQuery, name: str) -> str:
    return next(_texts(query, name), "")


def _texts(query: ChainQuery, name: str) -> Iterator[str]:
    methods: Iterator[Method] = (method for method in query.methods if method.name == name)
    return (_text(argument) for method in methods for argument in method.args)


def _text(argument: ChainArgument) -> str:
    return number(argument.value) if isinstance(argument, Number) else argument.text


def _operand(operand: Operand) -> str:
    if isinstance(operand, MonitorId):
        return f"monitor {operand.number} alerts"
    if isinstance(operand, Reference):
        return f"monitor {code(operand.path)} alerts"
    if isinstance(operand, Inverse):
        return f"not ({_operand(operand.operand)})"
    word = "and" if isinstance(operand, Both) else "or"
    return f" {word} ".join(_bracketed(each) for each in operand.operands)


def _bracketed(operand: Operand) -> str:
    return f"({_operand(operand)})" if isinstance(operand, Both | Either) else _operand(operand)
