"""Findings as SARIF, JUnit XML and workflow commands, for whatever somebody wrote into the YAML."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import msgspec
import pytest
import xmlschema
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.finding import Excerpt, Finding, Related, Severity, Span
from generator.lint.rule import rules
from generator.lint.suppressing import Suppressed
from generator.lint.suppression import Suppression
from generator.report.findings_github import findings_github
from generator.report.findings_json import findings_json
from generator.report.findings_junit import findings_junit
from generator.report.findings_sarif import findings_sarif

HERE = Path(__file__).parent
GOLDEN = sorted((HERE / "golden" / "findings").glob("*.yaml"))
SCHEMA = json.loads((HERE / "schemas" / "sarif-2.1.0-rtm.5.json").read_text())
SARIF = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)
JUNIT = xmlschema.XMLSchema(HERE / "schemas" / "junit-10.xsd")
AT = Span("monitors/a b.yaml", 3, 5, 3, 9)
KNOWN_RULE = "query-syntax"
FINDING = Finding(KNOWN_RULE, Severity.ERROR, "see [this](https://example.com) & <that>", AT, hint="mend it")
SUPPRESSION = Suppression((KNOWN_RULE,), AT, 3, 'an "old" <one>', date(2027, 1, 31))

# Texts of any characters, with those that the formats treat in their own ways often among them.
texts = st.text(
    st.one_of(st.characters(exclude_categories=()), st.sampled_from("%\r\n:,<>&\"'[]()#\x00\x1b\ufffe\ud800]]>")),
    max_size=30,
)
spans = st.builds(Span, texts, *[st.integers(0, 9)] * 4)
findings = st.builds(
    Finding,
    rule=texts,
    severity=st.sampled_from(Severity),
    message=texts,
    span=spans,
    hint=texts,
    excerpt=st.none() | st.builds(Excerpt, texts, st.integers(0, 9), st.integers(0, 9), st.none() | spans),
    related=st.lists(st.builds(Related, spans, texts), max_size=2).map(tuple),
    tracking_ids=st.lists(texts, max_size=2).map(tuple),
)
suppressed_findings = findings.map(lambda each: Suppressed(each, SUPPRESSION))


def sarif_of(found: list[Finding], suppressed: list[Suppressed]) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(findings_sarif(found, suppressed, rules(), version="1.2.3"))
    SARIF.validate(told)
    return told


def junit_of(found: list[Finding], suppressed: list[Suppressed]) -> ET.Element:
    text = findings_junit(found, suppressed)
    JUNIT.validate(text)
    root = ET.fromstring(text)  # noqa: S314  our own output
    (suite,) = root
    cases = list(suite)
    assert (root.tag, suite.tag, {case.tag for case in cases}) == ("testsuites", "testsuite", {"testcase"})
    assert int(suite.attrib["tests"]) == len(cases)
    assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure"))
    assert int(suite.attrib["skipped"]) == len(suite.findall("testcase/skipped"))
    assert all(case.attrib["name"] and "classname" in case.attrib for case in cases)
    return suite


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden_findings_are_valid_sarif_and_junit(path: Path) -> None:
    found = msgspec.convert(yaml.safe_load(path.read_text())["findings"], list[Finding])
    assert len(sarif_of(found, [])["runs"][0]["results"]) == len(found)
    assert len(junit_of(found, [])) == max(len(found), 1)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.lists(findings, max_size=3), st.lists(suppressed_findings, max_size=2))
def test_whatever_is_found_every_format_stays_well_formed(found: list[Finding], suppressed: list[Suppressed]) -> None:
    results = sarif_of(found, suppressed)["runs"][0]["results"]
    assert sum("suppressions" in each for each in results) == len(suppressed)
    junit_of(found, suppressed)
    assert len(json.loads(findings_json(found, suppressed, 7))["suppressed"]) == len(suppressed)
    commands = findings_github(found).splitlines()
    assert len(commands) == len(found)
    assert all(re.match(r"::(error|warning|notice) file=[^:,]*,line=\d+,[^:]*::", each) for each in commands)


def test_sarif_says_what_a_rule_is_and_at_what_level() -> None:
    run = sarif_of([FINDING], [])["runs"][0]
    (result,) = run["results"]
    rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert (rule["id"], rule["defaultConfiguration"]["level"], result["level"]) == (KNOWN_RULE, "error", "error")
    assert rule["shortDescription"]["text"] == "A query that cannot be read."
    location = result["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "monitors/a%20b.yaml"
    assert location["region"] == {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 9}


def test_sarif_of_a_suppressed_finding_says_why() -> None:
    (result,) = sarif_of([], [Suppressed(FINDING, SUPPRESSION)])["runs"][0]["results"]
    assert result["suppressions"] == [{"kind": "inSource", "justification": 'an "old" <one>'}]


def test_sarif_makes_no_link_of_what_somebody_wrote() -> None:
    (result,) = sarif_of([FINDING], [])["runs"][0]["results"]
    assert "](" not in result["message"]["text"]


def test_sarif_knows_a_finding_again_where_its_line_has_moved() -> None:
    moved = msgspec.structs.replace(FINDING, span=Span(AT.path, 30, 5, 30, 9))
    prints = [each["partialFingerprints"]["toban/v1"] for each in sarif_of([FINDING, moved], [])["runs"][0]["results"]]
    assert prints[0] != prints[1]
    assert sarif_of([moved], [])["runs"][0]["results"][0]["partialFingerprints"]["toban/v1"] == prints[0]


def test_junit_counts_errors_as_failures_and_suppressed_ones_as_skipped() -> None:
    warning = msgspec.structs.replace(FINDING, severity=Severity.WARNING)
    suite = junit_of([FINDING, warning], [Suppressed(FINDING, SUPPRESSION)])
    assert [[part.tag for part in case] for case in suite] == [["failure"], ["system-out"], ["skipped"]]
    assert suite[0][0].attrib["message"] == FINDING.message
    assert suite[2][0].attrib["message"] == 'an "old" <one>'


def test_junit_without_findings_has_a_test_that_passed() -> None:
    (case,) = junit_of([], [])
    assert list(case) == []


def test_json_names_the_suppression() -> None:
    told = json.loads(findings_json([], [Suppressed(FINDING, SUPPRESSION)], 3))
    assert told["known"] == 3
    assert told["suppressed"][0]["suppression"] == {
        "reason": 'an "old" <one>',
        "until": "2027-01-31",
        "path": "monitors/a b.yaml",
        "line": 3,
    }
