"""Findings as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), for code scanning."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from generator.finding import Finding, Severity, Span
from generator.lint.known import identities
from generator.lint.rule import Rule
from generator.lint.suppressing import Suppressed
from generator.report.json_text import json_text
from generator.report.visible import visible

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTICE: "note"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def findings_sarif(
    findings: Sequence[Finding],
    suppressed: Sequence[Suppressed],
    rules: Sequence[Rule],
    *,
    version: str,
    category: str = "",
) -> str:
    """One run; a suppressed result says by what reason. Of a commit, GitHub keeps the last run of each category."""
    described = {rule.name: _descriptor(rule) for rule in rules}
    found = (*findings, *(each.finding for each in suppressed))
    for finding in found:
        described.setdefault(finding.rule, {"id": finding.rule})
    indices = {name: index for index, name in enumerate(described)}
    results = [_result(each, indices, print_) for each, print_ in zip(found, _fingerprints(found), strict=True)]
    for result, each in zip(results[len(findings) :], suppressed, strict=True):
        result["suppressions"] = [{"kind": "inSource", "justification": each.by.reason}]
    driver = {"name": "toban", "version": version, "rules": list(described.values())}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    if category:
        run["automationDetails"] = {"id": f"{category}/"}
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}) + "\n"


def _descriptor(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.name,
        "shortDescription": {"text": rule.why},
        "fullDescription": {"text": rule.documentation},
        "help": {"text": rule.documentation, "markdown": rule.documentation},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(finding: Finding, indices: dict[str, int], fingerprint: str) -> dict[str, Any]:
    related = [
        {"id": number, "message": _message(each.message), **_location(each.span)}
        for number, each in enumerate(finding.related)
    ]
    return {
        "ruleId": finding.rule,
        "ruleIndex": indices[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": _message("\n".join(filter(None, (finding.message, finding.hint)))),
        "locations": [_location(finding.place)],
        **({"relatedLocations": related} if related else {}),
        "partialFingerprints": {"toban/v1": fingerprint},
    }


def _message(text: str) -> dict[str, str]:
    """`[…](…)` is a link in SARIF's plain text."""
    return {"text": "\n".join(map(visible, text.splitlines())).replace("](", "] (")}


def _location(span: Span) -> dict[str, Any]:
    region = {
        "startLine": max(span.line, 1),
        "startColumn": max(span.column, 1),
        "endLine": max(span.end_line, 1),
        "endColumn": max(span.end_column, 1),
    }
    uri = quote(span.path, errors="surrogateescape")
    return {"physicalLocation": {"artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"}, "region": region}}


def _fingerprints(findings: Sequence[Finding]) -> Iterator[str]:
    """Stable when lines move; equal findings are numbered."""
    seen: Counter[str] = Counter()
    for finding in findings:
        told = repr(identities(finding))
        seen[told] += 1
        yield hashlib.sha256(f"{told}\n{seen[told]}".encode(errors="surrogateescape")).hexdigest()
