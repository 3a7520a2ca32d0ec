"""Findings as GitHub workflow commands, which become annotations on the lines of a pull request."""

from __future__ import annotations

from collections.abc import Sequence

from generator.finding import Finding, Severity
from generator.report.visible import visible

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTICE: "notice"}


def findings_github(findings: Sequence[Finding]) -> str:
    """One command a line, errors first: GitHub shows only the first ten of each level a step."""
    by_severity = sorted(findings, key=lambda finding: list(_COMMANDS).index(finding.severity))
    return "".join(f"{_command(finding)}\n" for finding in by_severity)


def _command(finding: Finding) -> str:
    span = finding.place
    # GitHub counts the end column as part of the mark, and refuses columns on a mark of several lines.
    columns = {"col": span.column, "endColumn": max(span.column, span.end_column - 1)}
    properties = {
        "file": span.path,
        "line": span.line,
        "endLine": span.end_line,
        **(columns if span.line == span.end_line else {}),
        "title": finding.rule,
    }
    told = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{_COMMANDS[finding.severity]} {told}::{_text(_message(finding))}"


def _message(finding: Finding) -> str:
    message = visible(finding.message)
    hint = "\n".join(map(visible, finding.hint.splitlines()))
    return f"{message}\n{hint}" if hint else message


def _text(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _text(visible(text)).replace(":", "%3A").replace(",", "%2C")
