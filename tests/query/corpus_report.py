"""How much of the real queries parses: `python tests/query/corpus_report.py` prints it, the tests assert it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.query.nodes import Node
from generator.query.parser import (
    GRAMMARS,
    SyntaxProblem,
    parse_dashboard_query,
    parse_formula,
    parse_monitor,
)
from generator.query.printer import print_query

CORPUS = Path(__file__).parents[2] / "../shared/corpus"
REASONS = Path(__file__).parent / "cases/corpus_reasons.tsv"
KNOWN_TO_BE_TAKEN = ("server", "vendor", "dashboard", "formula")
SYNTAX_WORDS = (
    "parameter 'query' is invalid: invalid operator",
    "Error parsing query",
    "unescaped inner quotes",
    "UI display form",
)
BARE_SYNTAX_WORDS = "The value provided for parameter 'query' is invalid"


@dataclass(frozen=True)
class Real:
    """A query as found. `evidence` says who took it; `words` what Datadog answered where it did not."""

    kind: str
    text: str
    evidence: str
    words: str = ""

    def parsed(self) -> Node | SyntaxProblem:
        if self.kind == "dashboard":
            return parse_dashboard_query(self.text)
        return parse_formula(self.text) if self.kind == "formula" else parse_monitor(self.kind, self.text)

    def returns_equal(self) -> bool:
        """Whether what parses prints to text that parses to an equal tree, and prints the same."""
        tree = self.parsed()
        if isinstance(tree, SyntaxProblem):
            return True
        printed = Real(self.kind, print_query(tree), self.evidence)
        again = printed.parsed()
        return again == tree and not isinstance(again, SyntaxProblem) and print_query(again) == printed.text


def accepted() -> Iterator[Real]:
    """Monitors' and dashboards' queries, whatever the evidence."""
    for kind, query, _, encoding, evidence, *_ in _rows("monitor_queries.tsv"):
        yield Real(kind, json.loads(query) if encoding == "json" else query, evidence)
    for name, kind in (("dashboard_queries.txt", "dashboard"), ("dashboard_formulas.txt", "formula")):
        for (line,) in _rows(name):
            yield Real(kind, json.loads(line) if line.startswith('"') else line, kind)


def in_dashboards() -> Iterator[Real]:
    """The metric queries of whole dashboards and SLOs, where they stand among other data sources."""
    for path in sorted((CORPUS / "dashboards").glob("*.json")):
        for holder in _mappings(json.loads(path.read_text(encoding="utf-8"))):
            if holder.get("data_source") in {"metrics", "cloud_cost"} and isinstance(holder.get("query"), str):
                yield Real("dashboard", holder["query"], "dashboard")
    for line in (CORPUS / "slos.jsonl").read_text(encoding="utf-8").splitlines():
        for holder in _mappings(json.loads(line)):
            texts = (holder.get("numerator"), holder.get("denominator"))
            yield from (Real("dashboard", text, "SLO") for text in texts if isinstance(text, str))


def in_variables() -> Iterator[Real]:
    """The metric queries and formulas beside which recorded answers were given: of monitors, dashboards and SLOs."""
    for path in sorted(CORPUS.glob("roundtrips*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            for holder in _mappings(json.loads(line)):
                if holder.get("data_source") in {"metrics", "cloud_cost", "datadog_usage"}:
                    yield Real("dashboard", str(holder["query"]), "server")
                if isinstance(holder.get("formula"), str):
                    yield Real("formula", holder["formula"], "server")


def _mappings(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        yield from _mappings(part)


def from_other_parsers() -> Iterator[Real]:
    """What the tests of another tool's parser call good or bad; nobody asked Datadog."""
    for expected, text, *_ in _rows("thirdparty_parser_queries.tsv"):
        kind = "query alert" if "(last_" in text else "dashboard"
        yield Real(kind, text, "other parser" if expected == "ok" else "other parser's error")


def recorded() -> Iterator[Real]:
    """Queries in recorded requests for monitors that Datadog answered with success."""
    for line in (CORPUS / "roundtrips.jsonl").read_text(encoding="utf-8").splitlines():
        found = json.loads(line)
        request = found.get("request")
        if found["status"] == 200 and isinstance(request, dict) and request.get("type") and request.get("query"):
            yield Real(request["type"], request["query"], "server")


def rejected_for_syntax() -> Iterator[Real]:
    """Queries of which Datadog said that it cannot read them, recorded or reported in public."""
    for line in (CORPUS / "roundtrips.jsonl").read_text(encoding="utf-8").splitlines():
        found = json.loads(line)
        words = " ".join(map(str, (found.get("response") or {}).get("errors") or ())) if found["status"] == 400 else ""
        if BARE_SYNTAX_WORDS in words:
            yield Real(found["request"]["type"], found["request"]["query"], "rejected", words)
    for _, kind, trigger, words, _, _, remark in _rows("errors_reported.tsv", width=7):
        if any(each in words or each in remark for each in SYNTAX_WORDS):
            yield Real(kind if kind in GRAMMARS else "dashboard", trigger.partition(" (")[0], "rejected", words)


def suspects() -> Iterator[Real]:
    """Community texts with a structural mistake that their authors did not see."""
    for kind, query, _, encoding, reason, *_ in _rows("monitor_queries_suspect.tsv"):
        yield Real(kind, json.loads(query) if encoding == "json" else query, "suspect", reason)


def reasons() -> dict[str, str]:
    """Why a query of the corpus is refused on purpose, by a part of its text."""
    lines = REASONS.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines if not line.startswith("#"))


def reason(real: Real) -> str:
    return next((why for part, why in reasons().items() if part in real.text), "")


def shares(queries: list[Real]) -> dict[str, tuple[int, int]]:
    """By evidence, how many parse and how many there are."""
    found: dict[str, tuple[int, int]] = {}
    for real in queries:
        good, tried = found.get(real.evidence, (0, 0))
        found[real.evidence] = (good + (not isinstance(real.parsed(), SyntaxProblem)), tried + 1)
    return found


def known_to_be_taken(queries: list[Real]) -> tuple[int, int]:
    """How many parse of those that Datadog took, and how many it took."""
    found = shares([real for real in queries if real.evidence in KNOWN_TO_BE_TAKEN]).values()
    return sum(good for good, _ in found), sum(tried for _, tried in found)


def _rows(name: str, width: int = 0) -> Iterator[list[str]]:
    lines = (CORPUS / name).read_text(encoding="utf-8").splitlines()
    for line in lines[1:] if lines and lines[0].startswith("endpoint\t") else lines:
        columns = line.split("\t") if name.endswith(".tsv") else [line]
        yield [*columns, *[""] * width][: width or None]


def _told(tell: Callable[[str], object]) -> None:
    queries = [*accepted(), *from_other_parsers()]
    tell(f"{'evidence':<16} {'parse':>6} {'of':>6} {'share':>8}\n")
    for evidence, (good, tried) in shares(queries).items():
        tell(f"{evidence:<16} {good:>6,} {tried:>6,} {good / tried:>8.2%}\n")
    good, tried = known_to_be_taken(queries)
    tell(f"{'known to be taken':<16} {good:>5,} {tried:>6,} {good / tried:>8.2%}\n\nexceptions\n")
    for real in queries:
        problem = real.parsed()
        if isinstance(problem, SyntaxProblem):
            tell(f"  {real.evidence}, {real.kind}: {' '.join(real.text.split())[:100]}\n")
            tell(f"    {problem.message}\n    {reason(real) or 'NO REASON GIVEN'}\n")
    unequal = [real for real in queries if not real.returns_equal()]
    tell(f"\nprinted and parsed again to another tree: {len(unequal)}\n")
    rejections = list(rejected_for_syntax())
    refused = sum(isinstance(real.parsed(), SyntaxProblem) for real in rejections)
    tell(f"rejected by Datadog for syntax: {len(rejections)}, of them refused here: {refused}\n")


if __name__ == "__main__":
    if not CORPUS.is_dir():
        sys.exit("the corpus of real queries, ../shared/corpus, is not on this machine")
    _told(sys.stdout.write)
