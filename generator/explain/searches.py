"""What is measured in logs, events and whatever else is searched, in words."""

from __future__ import annotations

from collections.abc import Sequence

from generator.explain.chain_methods import first_text, head_argument, method_texts, places
from generator.explain.phrases import LONGEST_SCOPE, code, listed, percentile
from generator.query.nodes import ChainQuery

SUBJECTS = {
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
TOLD = frozenset({"index", "source", "new", "impact", "over", "exclude", "rollup"})
_SOURCES = {"browser": " in browsers", "mobile": " in mobile apps", "backend": " in backends", "all": ""}
_AGGREGATIONS = {
    "avg": "the average of",
    "min": "the lowest",
    "max": "the highest",
    "latest": "the latest",
    "last": "the last",
}


def searched(query: ChainQuery) -> str:
    """`the number of logs of index `main` that match `status:error``."""
    head = SUBJECTS.get(str(query.head), str(query.head))
    search = found_by(f"{head}{_issues(query)}", tuple(method_texts(query, "index")), head_argument(query))
    over, without = places(method_texts(query, "over")), places(method_texts(query, "exclude"))
    where = f"{f' in {over}' if over else ''}{f', but not in {without},' if without else ''}"
    aggregation, *measures = (*method_texts(query, "rollup"), "")
    return measured(aggregation, [each for each in measures if each], f"{search}{where}")


def found_by(subject: str, indexes: Sequence[str], search: str) -> str:
    """`logs of index `main` that match `status:error``."""
    named = [code(index) for index in indexes if index not in ("", "*")]
    subject = f"{subject} of index {listed(named)}" if named else subject
    return subject if search.strip() in ("", "*") else f"{subject} that match {code(search, LONGEST_SCOPE)}"


def measured(aggregation: str, measures: Sequence[str], subject: str) -> str:
    """`the average of `@duration` in logs`; `the number of logs`."""
    named = listed(map(code, measures)) if measures else ""
    if aggregation in ("", "count"):
        return f"the number of {f'{named} in ' if named else ''}{subject}"
    if aggregation == "cardinality":
        return f"the number of different {named or 'values'} in {subject}"
    return f"{aggregation_words(aggregation)} {named or 'values'} in {subject}"


def aggregation_words(name: str) -> str:
    """`the 95th percentile of` for `pc95`."""
    return _AGGREGATIONS.get(name) or f"the {percentile(name) or name} of"


def _issues(query: ChainQuery) -> str:
    """Which errors: of new issues, in browsers."""
    named = {method.name for method in query.methods}
    kinds = (" of new issues" if "new" in named else "", " of high-impact issues" if "impact" in named else "")
    source = first_text(query, "source")
    return f"{''.join(kinds)}{_SOURCES.get(source, f' of source {code(source)}') if source else ''}"
