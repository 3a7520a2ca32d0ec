"""Findings as JSON.

`{"version": 1, "findings": […], "suppressed": […], "known": 0}`: what counts, what a comment suppresses, and how many
more were known already (`--base`, `--baseline`). A finding is `{"rule", "severity": "error" | "warning" |
"notice", "message", "hint", "path", "line", "column", "end_line", "end_column", "excerpt": {"text", "start", "end"} |
null, "related": [{"message", "path", "line", "column", "end_line", "end_column"}], "tracking_ids": […], "fixable"}`, a
suppressed one also has `"suppression": {"reason", "until", "path", "line"}`. Lines and columns count from 1, columns in
characters, ends are exclusive; an excerpt's offsets count characters of its text, from 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from generator.finding import Excerpt, Finding
from generator.lint.suppressing import Suppressed
from generator.report.json_text import json_text


def findings_json(findings: Sequence[Finding], suppressed: Sequence[Suppressed] = (), known: int = 0) -> str:
    told = {
        "version": 1,
        "findings": [finding_json(finding) for finding in findings],
        "suppressed": [_suppressed(each) for each in suppressed],
        "known": known,
    }
    return json_text(told) + "\n"


def finding_json(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "hint": finding.hint,
        **msgspec.structs.asdict(finding.place),
        "excerpt": _excerpt(finding.excerpt),
        "related": [
            {"message": related.message, **msgspec.structs.asdict(related.span)} for related in finding.related
        ],
        "tracking_ids": finding.tracking_ids,
        "fixable": finding.fix is not None,
    }


def _excerpt(excerpt: Excerpt | None) -> dict[str, Any] | None:
    return {"text": excerpt.text, "start": excerpt.start, "end": excerpt.end} if excerpt else None


def _suppressed(each: Suppressed) -> dict[str, Any]:
    by = each.by
    until = by.until.isoformat() if by.until else None
    told = {"reason": by.reason, "until": until, "path": by.span.path, "line": by.span.line}
    return {**finding_json(each.finding), "suppression": told}
