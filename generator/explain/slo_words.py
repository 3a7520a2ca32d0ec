"""A service level objective in sentences, from its payload. What it lacks is not told; none makes this fail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.explain.expressions import expression_words
from generator.explain.phrases import COMPARISONS, code, listed, number
from generator.query.parser import parse_expression
from generator.query.problem import SyntaxProblem

_SHOWN = 10


def explain_slo(payload: Mapping[str, Any]) -> str:
    """What must be good, how much of it, and over which time."""
    thresholds = payload.get("thresholds")
    told = [_threshold(each) for each in (thresholds if isinstance(thresholds, list) else ())[:_SHOWN]]
    aims = listed(each for each in told if each) if any(told) else "a share"
    return f"Promises {aims} of {_content(payload)}."


def _threshold(threshold: object) -> str:
    found = _mapping(threshold)
    if "target" not in found:
        return ""
    warning = f" (close below {number(found['warning'])} %)" if found.get("warning") is not None else ""
    return f"{number(found['target'])} % over {found.get('timeframe')}{warning}"


def _content(payload: Mapping[str, Any]) -> str:
    query, monitors = _mapping(payload.get("query")), payload.get("monitor_ids")
    if query:
        return f"good events ({_words(query.get('numerator'))}) among all ({_words(query.get('denominator'))})"
    if isinstance(monitors, list) and monitors:
        names = listed(code(str(each)) for each in monitors[:_SHOWN])
        return f"the time in which {names} {'is' if len(monitors) == 1 else 'are'} OK"
    return _slices(_mapping(_mapping(payload.get("sli_specification")).get("time_slice")))


def _slices(part: Mapping[str, Any]) -> str:
    queries = _mapping(part.get("query")).get("queries")
    text = _mapping(queries[0]).get("query") if isinstance(queries, list) and len(queries) == 1 else None
    comparison = COMPARISONS.get(str(part.get("comparator")))
    if text is None or comparison is None:
        return "its time"
    return f"the time in which {_words(text)} is {comparison} {number(part.get('threshold'))}"


def _words(text: object) -> str:
    tree = parse_expression(text) if isinstance(text, str) else None
    return code(str(text)) if tree is None or isinstance(tree, SyntaxProblem) else expression_words(tree)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
