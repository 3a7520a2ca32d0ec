"""`toban test` as people and CI call it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.cli.test_commands import Toban, toban

__all__ = ["toban"]

ORGANIZATION = """\
workspace: w
timezone: Asia/Tokyo
notify: "@slack-a"
environments: {production: {scope: "env:production"}}
"""
SERVICE = """\
service: api
monitors:
  a: {kind: metric, query: 'avg(last_5m):avg:a{env:production} > 1', message: "{{value}} is too much."}
  b: {kind: metric, query: 'avg(last_5m):avg:b{env:production} > 1'}
"""
TESTS = """\
day: 2027-01-12
tests:
  a high value is told:
    monitor: a
    series: [{metric: a, from: "09:00", values: "0x9 5x9"}]
    expect: [{at: "09:12", state: alert}]
  a low one is not:
    monitor: a
    series: [{metric: a, from: "09:00", values: "0x9"}]
    expect: [{state: ok}]
"""
COUNT = "sum(last_5m):sum:a{env:production}.as_count()"
FAILING = TESTS.replace("state: alert", "state: ok")


@pytest.fixture
def tests(tmp_path: Path) -> Path:
    """A file of tests that pass, in a small project."""
    folder = tmp_path / "monitors"
    folder.mkdir()
    (folder / "organization.yaml").write_text(ORGANIZATION)
    (folder / "api.yaml").write_text(SERVICE)
    file = folder / "api.test.yaml"
    file.write_text(TESTS)
    return file


def test_passing_tests_exit_with_0(toban: Toban, tests: Path) -> None:
    ran = toban("test")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "monitors/api.test.yaml",
        "  ok    a high value is told",
        "  ok    a low one is not",
        "",
        "2 tests passed.",
    ]


def test_a_failing_test_exits_with_1_and_says_what_happened(toban: Toban, tests: Path) -> None:
    tests.write_text(FAILING)
    ran = toban("test")
    assert (ran.code, ran.err) == (1, "")
    assert "1 test failed, 1 passed." in ran.out
    assert "09:11  ok → alert (2)  told: @slack-a" in ran.out


def test_errors_in_the_yaml_exit_with_2_and_the_other_tests_run(toban: Toban, tests: Path) -> None:
    tests.write_text(f"{TESTS}  a third: {{monitor: c, expect: [{{state: ok}}]}}\n")
    ran = toban("test")
    assert (ran.code, "2 tests passed." in ran.out) == (2, True)
    assert "monitors/api.test.yaml:11:22: `monitors/api.yaml` has no monitor `c` [unknown-monitor]" in ran.err
    (finding,) = json.loads(toban("test", "--format", "json").out)["findings"]
    assert (finding["rule"], finding["line"]) == ("unknown-monitor", 11)
    suite = ET.fromstring(toban("test", "--format", "junit").out).find("testsuite")  # noqa: S314 - our own output
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures")) == ("3", "1")


def test_what_cannot_be_read_is_not_taken_for_no_tests(toban: Toban, tests: Path) -> None:
    broken = tests.parent / "b.test.yaml"
    broken.write_text("day: [")
    ran = toban("test", "monitors/b.test.yaml")
    assert (ran.code, ran.out.strip()) == (2, "No test was run: 1 error in the files of tests or monitors.")
    assert "monitors/b.test.yaml:1" in ran.err


MERGED = """\
day: 2027-01-12
tests:
  one of two:
    monitor: a
    tags: ["env:production"]
    series:
      - {metric: a, tags: ["host:x", "zone:z"], from: "09:00", values: "0x9 9x9 0x19"}
      - {metric: a, tags: ["host:y", "zone:z"], from: "09:00", values: "0x12 9x9 0x19"}
    expect: [{changes: {}}]
"""


def test_groups_that_are_told_of_as_one_are_so_in_what_happened(toban: Toban, tests: Path) -> None:
    query = "avg(last_5m):avg:a{env:production} by {host,zone} > 5', notify_by: [zone]"
    (tests.parent / "api.yaml").write_text(
        SERVICE.replace("avg(last_5m):avg:a{env:production} > 1'", query).replace("{{value}}", "@slack-b {{value}}")
    )
    tests.write_text(MERGED)
    happened = [" ".join(line.split()) for line in toban("test").out.partition("what happened:")[2].splitlines()[1:7]]
    assert happened == [
        "09:12 host:x,zone:z ok → alert (5.4)",
        "09:12 zone:z ok → alert told: @slack-a @slack-b",
        "09:15 host:y,zone:z ok → alert (5.4)",
        "09:22 host:x,zone:z alert → ok (3.6)",
        "09:25 host:y,zone:z alert → ok (3.6)",
        "09:25 zone:z alert → ok told: @slack-a @slack-b",
    ]


def test_a_monitor_that_cannot_be_rendered_exits_with_2(toban: Toban, tests: Path) -> None:
    (tests.parent / "api.yaml").write_text(SERVICE.replace("avg:a{", "avg:a{{"))
    ran = toban("test")
    assert (ran.code, "monitors/api.yaml:3" in ran.err) == (2, True)


def test_run_narrows_to_names_that_a_pattern_finds(toban: Toban, tests: Path) -> None:
    ran = toban("test", "--run", "^a low")
    assert (ran.code, ran.out.splitlines()[-1]) == (0, "1 test passed.")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--run", "nothing"), "no test of 2 is left by"),
        (("--run", "("), "is no regular expression"),
        (("monitors/other",), "no test of 2 is left by"),
        (("--only", "service:apl"), "there is no service `apl`"),
    ],
)
def test_what_leaves_no_test_is_wrong_usage(toban: Toban, tests: Path, arguments: tuple[str, ...], words: str) -> None:
    ran = toban("test", *arguments)
    assert (ran.code, words in ran.err) == (64, True)


@pytest.mark.parametrize("path", ["monitors", "monitors/api.yaml", "monitors/api.test.yaml"])
def test_paths_name_tests_services_and_folders(toban: Toban, tests: Path, path: str) -> None:
    assert toban("test", path).out.splitlines()[-1] == "2 tests passed."


def test_a_project_without_tests_passes(toban: Toban, tests: Path) -> None:
    tests.unlink()
    ran = toban("test")
    assert (ran.code, ran.out) == (0, "No tests. Write those of `NAME.yaml` into `NAME.test.yaml` beside it.\n")


def test_json_lists_states_transitions_and_notifications_with_their_times(toban: Toban, tests: Path) -> None:
    tests.write_text(FAILING)
    ran = toban("test", "--format", "json")
    told = json.loads(ran.out)
    assert (ran.code, told["version"], told["summary"]) == (1, 1, {"passed": 1, "failed": 1})
    failed, passed = told["tests"]
    assert (failed["name"], failed["path"], failed["line"]) == ("a high value is told", "monitors/api.test.yaml", 3)
    assert (failed["outcome"], passed["outcome"]) == ("failed", "passed")
    assert failed["differences"] == [
        {"path": "monitors/api.test.yaml", "line": 6, "what": "state", "expected": "ok", "found": "alert"}
    ]
    assert failed["groups"] == [
        {
            "group": {},
            "state": "alert",
            "transitions": [{"at": "2027-01-12T09:11:00+09:00", "before": "ok", "after": "alert", "value": 2.0}],
        }
    ]
    (sent,) = failed["notifications"]
    assert (sent["at"], sent["told"], sent["reminder"]) == ("2027-01-12T09:11:00+09:00", ["@slack-a"], False)
    assert sent["text"].startswith("2.0 is too much.")
    assert datetime.fromisoformat(sent["at"]).tzinfo is not None


def test_junit_has_a_case_a_test(toban: Toban, tests: Path) -> None:
    tests.write_text(FAILING)
    suite = ET.fromstring(toban("test", "--format", "junit").out).find("testsuite")  # noqa: S314 - our own output
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    failed, passed = suite
    assert (failed.get("classname"), failed.get("name")) == ("monitors/api.test.yaml", "a high value is told")
    assert (failed[0].get("message"), list(passed)) == ("state: expected ok, found alert", [])


def test_github_marks_the_lines_of_what_was_expected(toban: Toban, tests: Path) -> None:
    tests.write_text(FAILING)
    (line,) = toban("test", "--format", "github").out.splitlines()
    assert line.startswith("::error file=monitors/api.test.yaml,line=6,")
    assert line.endswith("::a high value is told: state: expected ok, found alert")


def test_coverage_names_monitors_without_a_test_and_states_that_none_reaches(toban: Toban, tests: Path) -> None:
    told = json.loads(toban("test", "--coverage", "--format", "json").out)["coverage"]
    assert told == {"share": 0.5, "tested": ["api/a"], "untested": ["api/b"], "unreached": {}}
    narrowed = json.loads(toban("test", "--coverage", "--format", "json", "--run", "low").out)["coverage"]
    assert narrowed["unreached"] == {"api/a": ["alert"]}
    assert "1 of 2 monitors tested (50%)." in toban("test", "--coverage").out


@pytest.mark.parametrize(
    ("query", "unreached"),
    [(f"{COUNT} < 0", {}), (f"{COUNT} < 1", {"api/a": ["alert"]}), (f"{COUNT} <= 0", {"api/a": ["alert"]})],
)
def test_a_count_below_nothing_is_a_state_that_no_test_has_to_reach(
    toban: Toban, tests: Path, query: str, unreached: dict[str, list[str]]
) -> None:
    (tests.parent / "api.yaml").write_text(SERVICE.replace("avg(last_5m):avg:a{env:production} > 1", query))
    tests.write_text(
        'day: 2027-01-12\ntests:\n  it is: {monitor: a, series: [{metric: a, from: "09:00", values: 5x120}],'
        ' expect: [{from: "09:05", to: "09:30", state: ok}]}\n'
    )
    told = json.loads(toban("test", "--coverage", "--format", "json").out)["coverage"]
    assert told["unreached"] == unreached


def test_sensitivity_names_choices_by_which_a_test_ends_otherwise(toban: Toban, tests: Path) -> None:
    (tests.parent / "api.yaml").write_text(SERVICE.replace("avg(last_5m):avg:a{env:production}", COUNT))
    tests.write_text(
        'day: 2027-01-12\ntests:\n  it lasts: {monitor: a, series: [{metric: a, at: {"09:00": 5}}],'
        ' expect: [{at: "09:30", state: alert}]}\n  it is told: {monitor: a, series: [{metric: a,'
        ' at: {"09:00": 5}}], expect: [{from: "09:00", to: "09:02", told: "@slack-a"}]}\n'
    )
    lasts, is_told = json.loads(toban("test", "--sensitivity", "--format", "json").out)["tests"]
    assert {"setting": "older_missing_data", "chosen": "keep", "instead": "zero"} in lasts["depends_on"]
    assert is_told["depends_on"] == []
    assert "  it lasts: `older_missing_data` zero instead of keep" in toban("test", "--sensitivity").out.splitlines()


def test_a_test_is_run_by_the_settings_that_are_chosen(toban: Toban, tests: Path) -> None:
    (tests.parent / "api.yaml").write_text(SERVICE.replace("avg(last_5m):avg:a{env:production}", COUNT))
    tests.write_text(
        'day: 2027-01-12\ntests:\n  it ends: {monitor: a, series: [{metric: a, at: {"09:00": 5}}],'
        ' expect: [{at: "09:30", state: ok}]}\n'
    )
    chosen = ("test", "--setting", "older_missing_data=zero")
    assert (toban("test").code, toban(*chosen).code) == (1, 0)
    told = "  it ends: `older_missing_data` keep instead of zero"
    assert told in toban(*chosen, "--sensitivity").out.splitlines()
    ran = toban("test", "--setting", "older_missing_data=nought")
    assert (ran.code, "write `keep`, `zero` or `show`" in ran.err) == (64, True)


def test_lint_finds_what_is_wrong_with_tests(toban: Toban, tests: Path) -> None:
    (tests.parent / "api.yaml").write_text(SERVICE.replace("  a:", "  renamed:"))
    ran = toban("lint")
    assert (ran.code, ran.out.count("[unknown-monitor]")) == (1, 2)


def test_plan_takes_files_of_tests_for_no_service(toban: Toban, tests: Path) -> None:
    ran = toban("plan", "--local", "--format", "json")
    assert (ran.code, json.loads(ran.out)["summary"]["create"]) == (0, 2)


def test_the_schema_of_tests_is_printed(toban: Toban, tests: Path) -> None:
    assert "tests" in json.loads(toban("schema", "tests").out)["properties"]
