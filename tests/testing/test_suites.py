"""Files of tests: what passes, what fails and how that is told, and what is wrong with a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator.finding import is_error
from generator.render.renderer import render
from generator.report.findings_text import findings_text
from generator.report.monitor_tests_text import outcomes_text
from generator.testing.model import Suite
from generator.testing.outcome import Outcome
from generator.testing.reading import read_suite
from generator.testing.running import run

HERE = Path(__file__).parent
PATH = "monitors/api.test.yaml"
GOOD = sorted((HERE / "good").glob("*.yaml"))
FAILING = sorted((HERE / "failing").glob("*.yaml"))
BAD = sorted((HERE / "bad").glob("*.yaml"))


def files_with(content: bytes, path: str = PATH) -> dict[str, bytes]:
    project = {f"monitors/{each.name}": each.read_bytes() for each in (HERE / "project").glob("*.yaml")}
    return {**project, path: content}


def read(content: bytes, path: str = PATH) -> Suite:
    files = files_with(content, path)
    rendering = render(files)
    assert not [each for each in rendering.findings if is_error(each)]
    return read_suite(files, rendering)


def outcomes(case: Path) -> tuple[Outcome, ...]:
    suite = read(case.read_bytes())
    assert suite.findings == ()
    return tuple(map(run, suite.tests))


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case.stem)
def test_good_tests_pass(case: Path) -> None:
    found = outcomes(case)
    assert [outcomes_text([each]) for each in found if not each.passed] == []
    assert len(found) > 1


@pytest.mark.parametrize("case", FAILING, ids=lambda case: case.stem)
def test_a_failure_says_what_was_expected_and_what_happened(case: Path) -> None:
    assert outcomes_text(outcomes(case)) == case.with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.stem)
def test_what_is_wrong_with_a_file_is_told_at_its_place(case: Path) -> None:
    text = case.read_text(encoding="utf-8")
    told = findings_text(read(text.encode()).findings, lambda _: text)
    assert told == case.with_suffix(".txt").read_text(encoding="utf-8")


def test_tests_with_a_problem_are_not_run_and_others_are() -> None:
    suite = read(
        b"day: 2027-01-12\ntests:\n  bad: {monitor: errors, expect: [{stat: ok}]}\n"
        b"  worse: {monitor: nothing, expect: [{state: ok}]}\n  good: {monitor: errors, expect: [{state: ok}]}\n"
    )
    assert ([each.name for each in suite.tests], len(suite.findings)) == (["good"], 2)


def test_tests_beside_no_service_are_an_error() -> None:
    suite = read((HERE / "good" / "tags.yaml").read_bytes(), "monitors/apl.test.yaml")
    assert (suite.tests, [each.rule for each in suite.findings]) == ((), ["no-service-file"])


def test_a_file_of_tests_renders_to_nothing() -> None:
    files = files_with(b"nonsense")
    without = {path: content for path, content in files.items() if path != PATH}
    assert render(files) == render(without)


def test_a_monitor_with_an_error_of_its_own_is_not_said_to_be_missing() -> None:
    files = files_with(b"day: 2027-01-12\ntests: {a: {monitor: errors, expect: [{state: ok}]}}\n")
    files["monitors/api.yaml"] = files["monitors/api.yaml"].replace(b"!host:canary", b"!!host:canary")
    assert read_suite(files, render(files)) == Suite((), ())


def test_expectations_point_at_their_lines() -> None:
    (test,) = read(b"day: 2027-01-12\ntests:\n  a:\n    monitor: errors\n    expect:\n      - state: alert\n").tests
    (difference,) = run(test).differences
    assert (test.line(), test.line(difference.place)) == (3, 6)


HOSTILE = {
    "deep": b"tests: " + b"[" * 5000,
    "binary": bytes(range(256)),
    "a huge name": b"day: 2027-01-12\ntests: {'" + b"a" * 100_000 + b"': {monitor: errors, expect: [{state: ok}]}}",
    "huge numbers": b"day: 2027-01-12\ntests: {a: {monitor: errors, series: [{metric: api.errors, at: {'09:00': 1"
    + b"0" * 5000
    + b"}}], expect: [{state: ok}]}}",
    "escapes": b'day: 2027-01-12\ntests: {"\\e[31m": {monitor: errors, expect: [{message_has: "\\e[2J"}]}}',
    "a day out of reach": b"day: 9999-12-31\ntests: {a: {monitor: errors, expect: [{at: '24:00', state: ok}]}}",
    "years": b"day: 2027-01-12\ntests: {a: {monitor: errors, expect: [{at: '2099-12-31 24:00', state: ok}]}}",
    "null": b"day:\ntests:\n  a:\n",
    "a merge": b"day: 2027-01-12\ntests: {a: &a {monitor: errors, expect: [{state: ok}]}, b: *a}",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_are_findings_or_failures_without_control_characters(content: bytes) -> None:
    suite = read(content)
    told = findings_text(suite.findings, lambda _: None) + outcomes_text(tuple(map(run, suite.tests)))
    assert suite.findings or suite.tests
    assert json.dumps(told, ensure_ascii=False).isprintable()
