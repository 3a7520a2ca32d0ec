"""Findings in each format, against golden files: `NAME.yaml` has the findings and the files, `NAME.txt` the text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from generator.finding import Finding, Severity, Span
from generator.report.findings_github import findings_github
from generator.report.findings_json import findings_json
from generator.report.findings_text import findings_text
from generator.report.style import COLOURED

GOLDEN = Path(__file__).parent / "golden" / "findings"


def case(name: str) -> tuple[tuple[Finding, ...], dict[str, Any]]:
    told = yaml.safe_load((GOLDEN / f"{name}.yaml").read_text())
    return msgspec.convert(told["findings"], tuple[Finding, ...]), told


def finding_at(path: str, line: int, column: int, end_column: int) -> Finding:
    return Finding("r", Severity.ERROR, "m", Span(path, line, column, line, end_column))


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.txt")), ids=lambda path: path.stem)
def test_text_is_the_golden_one(path: Path) -> None:
    findings, told = case(path.stem)
    assert findings_text(findings, told["files"].get, width=told.get("width", 100)) == path.read_text()


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.github")), ids=lambda path: path.stem)
def test_workflow_commands_are_the_golden_ones(path: Path) -> None:
    assert findings_github(case(path.stem)[0]) == path.read_text()


def test_every_golden_finding_has_its_text() -> None:
    assert {path.stem for path in GOLDEN.glob("*.yaml")} == {path.stem for path in GOLDEN.glob("*.txt")}


@pytest.mark.parametrize("name", ["excerpt", "related"])
def test_json_holds_all_of_a_finding(name: str) -> None:
    findings, _ = case(name)
    (finding,) = findings
    told = json.loads(findings_json(findings))
    assert told["version"] == 1
    (only,) = told["findings"]
    assert only == {
        "rule": finding.rule,
        "severity": "error",
        "message": finding.message,
        "hint": "",
        "path": finding.span.path,
        "line": finding.span.line,
        "column": finding.span.column,
        "end_line": finding.span.end_line,
        "end_column": finding.span.end_column,
        "excerpt": finding.excerpt
        and {"text": finding.excerpt.text, "start": finding.excerpt.start, "end": finding.excerpt.end},
        "related": [{"message": each.message, **msgspec.to_builtins(each.span)} for each in finding.related],
        "tracking_ids": [],
        "fixable": False,
    }


def test_json_of_a_path_that_is_not_utf_8_can_be_read() -> None:
    told = json.loads(findings_json([finding_at("a\udcff.yaml", 1, 1, 2)]))
    assert told["findings"][0]["path"] == "a\udcff.yaml"


def test_workflow_command_stays_on_its_line() -> None:
    hostile = Finding("r", Severity.ERROR, "a\r\n::warning::b", Span("a\n::c", 1, 1, 1, 1), hint="x\r\n::d")
    assert findings_github([hostile]).count("\n") == 1


@pytest.mark.parametrize("line", [0, 3, 99])
def test_place_outside_the_file_has_no_source_line(line: int) -> None:
    text = findings_text([finding_at("a.yaml", line, 1, 5)], lambda _: "a: 1\n")
    assert text == f"a.yaml:{line}:1: m [r]\n\n1 error in 1 file.\n"


@pytest.mark.parametrize(("column", "end"), [(1, 1), (4, 500), (500, 501), (5, 2)])
def test_caret_stays_on_its_line(column: int, end: int) -> None:
    text = findings_text([finding_at("a.yaml", 1, column, end)], lambda _: "a: 1\n", width=40)
    assert all(len(line) <= 40 for line in text.splitlines())
    assert "^" in text


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\x85", "\u2028"])
def test_lines_are_counted_as_yaml_counts_them(line_break: str) -> None:
    text = findings_text([finding_at("a.yaml", 2, 1, 2)], lambda _: f"one: 1{line_break}two: 2")
    assert "    2 | two: 2\n" in text


def test_each_file_is_read_once() -> None:
    read: list[str] = []

    def source(path: str) -> str:
        read.append(path)
        return "a: 1\n"

    findings_text([finding_at("a.yaml", 1, 1, 2)] * 5, source)
    assert read == ["a.yaml"]


def test_very_long_line_is_shown_round_each_caret() -> None:
    findings = [finding_at("a.yaml", 1, column, column + 1) for column in range(1, 200_000, 1_000)]
    text = findings_text(findings, lambda _: "x" * 200_000)
    assert max(map(len, text.splitlines())) <= 100


def test_colour_marks_the_severity_and_nothing_else_changes() -> None:
    findings, told = case("severities")
    coloured = findings_text(findings, told["files"].get, style=COLOURED)
    assert "\x1b[33mwarning: \x1b[0m" in coloured
    plain = findings_text(findings, told["files"].get)
    for code in ("\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[33m", "\x1b[36m"):
        coloured = coloured.replace(code, "")
    assert coloured == plain
