"""Each file in bad/ gives the findings in the `.out` beside it, and nothing worse."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.finding import Finding, Severity
from generator.source.documents import load

BAD = Path(__file__).parent / "bad"


def _listed(finding: Finding) -> str:
    span = finding.span
    lines = [f"{span.line}:{span.column}: {finding.message} [{finding.rule}]", f"    {finding.hint}"]
    lines += [f"    {each.span.line}:{each.span.column}: {each.message}" for each in finding.related]
    return "\n".join(lines)


def listing(path: Path) -> str:
    return "".join(f"{_listed(finding)}\n" for finding in load(path.name, path.read_bytes()).findings)


@pytest.mark.parametrize("path", sorted(BAD.glob("*.yaml")), ids=lambda path: path.stem)
def test_bad_file_gives_its_findings(path: Path) -> None:
    assert listing(path) == path.with_suffix(".out").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted(BAD.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_finding_of_a_bad_file_stops_a_sync_and_says_how_to_mend_it(path: Path) -> None:
    findings = load(path.name, path.read_bytes()).findings
    assert findings
    for finding in findings:
        assert finding.severity is Severity.ERROR
        assert finding.hint
        assert "\n" not in finding.message + finding.hint


def test_every_listing_has_its_file() -> None:
    assert {path.stem for path in BAD.glob("*.out")} == {path.stem for path in BAD.glob("*.yaml")}
