"""What the server refuses about an SLO, as a table: each row has the server's words and where they come from."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from generator.localdog.organisation import Json, Payload
from generator.query.inspection import leaves
from generator.query.nodes import AsCount
from generator.query.parser import parse_expression
from generator.query.problem import SyntaxProblem

TYPE_IDS = {"monitor": 0, "metric": 1, "time_slice": 2}
TIMEFRAMES = ("7d", "30d", "90d")
MOST_GROUPS = 100
Sees = Callable[[object], bool]


def missing_type(slo: Payload, _sees: Sees) -> str | None:
    return None if "type" in slo else "Required parameter 'type' is missing"


def no_name(slo: Payload, _sees: Sees) -> str | None:
    if "name" not in slo:
        return "Required parameter 'name' is missing"
    if not isinstance(slo["name"], str):
        return "'name' is invalid"
    return None if slo["name"] else "Minimum length of parameter 'name' should be 1"


def unknown_type(slo: Payload, _sees: Sees) -> str | None:
    known = isinstance(slo["type"], str) and slo["type"] in TYPE_IDS
    return None if known else f"Value of parameter 'type' should be any of these {list(TYPE_IDS)}"


def wrong_field(slo: Payload, _sees: Sees) -> str | None:
    for field in ("tags", "groups", "monitor_ids"):
        if not isinstance(slo.get(field), (list, type(None))):
            return f"'{field}' is invalid"
    if any(not isinstance(tag, str) for tag in slo.get("tags") or ()):
        return "'tags' is invalid"
    for field in ("query", "sli_specification"):
        if not isinstance(slo.get(field), (dict, type(None))):
            return f"'{field}' is invalid"
    return None if isinstance(slo.get("description"), (str, type(None))) else "'description' is invalid"


def wrong_thresholds(slo: Payload, _sees: Sees) -> str | None:
    thresholds = slo.get("thresholds")
    if not isinstance(thresholds, list) or not thresholds:
        return "Required parameter 'thresholds' is missing"
    return None if all(_is_threshold(each) for each in thresholds) else "'thresholds' is invalid"


def _is_threshold(threshold: Json) -> bool:
    if not isinstance(threshold, dict) or threshold.get("timeframe") not in TIMEFRAMES:
        return False
    target, warning = threshold.get("target"), threshold.get("warning")
    return _is_percent(target) and (warning is None or (_is_percent(warning) and warning > target))


def _is_percent(value: Json) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < 100


def no_query(slo: Payload, _sees: Sees) -> str | None:
    if slo["type"] != "metric":
        return None
    count = (slo.get("sli_specification") or {}).get("count")
    if isinstance(count, dict) and isinstance(count.get("queries"), list) and _has_formulas(count):
        return None
    query = slo.get("query") or {}
    is_whole = all(isinstance(query.get(part), str) and query[part] for part in ("numerator", "denominator"))
    return None if is_whole else "must specify the query for count types"


def _has_formulas(count: Payload) -> bool:
    queries = all(isinstance(each, dict) and {"name", "query"} <= each.keys() for each in count["queries"])
    formulas = [count.get(f"{which}_events_formula") for which in ("good", "total", "bad")]
    return queries and all(each is None or isinstance(each, dict) for each in formulas) and formulas[0] is not None


def uncounted(slo: Payload, _sees: Sees) -> str | None:
    """Judged only where the query can be read."""
    for text in (slo.get("query") or {}).values() if slo["type"] == "metric" else ():
        tree = parse_expression(text) if isinstance(text, str) else None
        if tree is not None and not isinstance(tree, SyntaxProblem):
            counted = [any(isinstance(each, AsCount) for each in leaf.modifiers) for leaf in leaves(tree)]
            if not all(counted):
                return "Metric queries require the 'as count' modifier"
    return None


def no_monitors(slo: Payload, sees: Sees) -> str | None:
    if slo["type"] != "monitor":
        return None
    ids = slo.get("monitor_ids")
    if not ids:
        return "must specify monitor_ids"
    unseen = sorted((str(each) for each in ids if not sees(each)), key=lambda each: (len(each), each))
    return f"invalid monitor ids: {', '.join(unseen)}, monitors not found or not supported SLO" if unseen else None


def no_slice(slo: Payload, _sees: Sees) -> str | None:
    if slo["type"] != "time_slice":
        return None
    part = (slo.get("sli_specification") or {}).get("time_slice")
    is_whole = isinstance(part, dict) and {"comparator", "threshold", "query"} <= part.keys()
    return None if is_whole else "must specify the sli_specification for time slice types"


def too_many_groups(slo: Payload, _sees: Sees) -> str | None:
    many = len(slo.get("groups") or ()) > MOST_GROUPS
    return f"Maximum number of elements in parameter 'groups' should be {MOST_GROUPS}" if many else None


class Rule(NamedTuple):
    verdict: Callable[[Payload, Sees], str | None]
    words: str
    source: str


RULES: tuple[Rule, ...] = (
    Rule(missing_type, "recorded", "4 exchanges"),
    Rule(no_name, "recorded", "an empty name; a missing one is worded alike"),
    Rule(unknown_type, "unknown", "worded as the policy API words its own"),
    Rule(wrong_field, "unknown", "documented types"),
    Rule(wrong_thresholds, "unknown", "documented: three time frames, below 100, warning above target"),
    Rule(no_query, "recorded", "2 exchanges"),
    Rule(uncounted, "reported", "a numerator without .as_count()"),
    Rule(no_monitors, "recorded", "8 exchanges; without any monitor: documented by a client"),
    Rule(no_slice, "unknown", "worded as for counts"),
    Rule(too_many_groups, "unknown", "documented: 100 groups"),
)


def rejection(slo: Payload, sees: Sees) -> str | None:
    """The server's error about the first thing that is wrong, or None."""
    return next((problem for rule in RULES if (problem := rule.verdict(slo, sees)) is not None), None)
