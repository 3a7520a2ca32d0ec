"""Findings as JSON.

`{"version": 1, "findings": [{"rule", "severity": "error" | "warning" | "notice", "message", "hint", "path", "line",
"column", "end_line", "end_column", "excerpt": {"text", "start", "end"} | null, "related": [{"message", "path", "line",
"column", "end_line", "end_column"}], "tracking_ids": […]}]}`. Lines and columns count from 1, columns in characters,
ends are exclusive; an excerpt's offsets count characters of its text, from 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from generator.finding import Finding
from generator.report.json_text import json_text


def findings_json(findings: Sequence[Finding]) -> str:
    return json_text({"version": 1, "findings": [_finding(finding) for finding in findings]}) + "\n"


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "hint": finding.hint,
        **msgspec.structs.asdict(finding.span),
        "excerpt": msgspec.structs.asdict(finding.excerpt) if finding.excerpt else None,
        "related": [
            {"message": related.message, **msgspec.structs.asdict(related.span)} for related in finding.related
        ],
        "tracking_ids": finding.tracking_ids,
    }
