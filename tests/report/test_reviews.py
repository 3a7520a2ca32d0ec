"""What two revisions differ in: `NAME.yaml` holds two projects, `NAME.txt` and `NAME.md` what is shown of them."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import msgspec
import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.finding import Finding, Severity, Span
from generator.lint.rule import rules
from generator.plan.comparison import Comparison, Fate
from generator.plan.model import Obstacle
from generator.report.findings_sarif import findings_sarif
from generator.report.markdown_parts import LONGEST_COMMENT
from generator.report.review_findings import difference_notices, obstacle_findings
from generator.report.review_json import review_json
from generator.report.review_junit import review_junit
from generator.report.review_markdown import Surroundings, characters, octets, review_markdown
from generator.report.review_text import review_text
from tests.report.pages import assert_tame
from tests.report.reviews import (
    BASE,
    HOSTILE,
    comparison_of,
    comparisons,
    findings,
    hostile_texts,
    many,
    review_of,
    surroundings,
)

HERE = Path(__file__).parent
GOLDEN = sorted((HERE / "golden" / "review").glob("*.yaml"))
JUNIT = xmlschema.XMLSchema(HERE / "schemas" / "junit-10.xsd")
SCHEMA = json.loads((HERE / "schemas" / "sarif-2.1.0-rtm.5.json").read_text())
SARIF = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)
AROUND = Surroundings(BASE, whole="<code>toban plan --base origin/main</code>")
each_golden = pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)


@each_golden
def test_text_is_the_golden_one(path: Path) -> None:
    comparison, around = review_of(path)
    text = review_text(comparison, base=BASE, effects=around.effects, environments=around.environments)
    assert text == path.with_suffix(".txt").read_text()


@each_golden
def test_markdown_is_the_golden_one(path: Path) -> None:
    assert review_markdown(*review_of(path)) == path.with_suffix(".md").read_text()


@each_golden
def test_json_holds_each_difference(path: Path) -> None:
    comparison, around = review_of(path)
    told = json.loads(review_json(comparison, around))
    assert (told["version"], told["base"], told["desired_digest"]) == (1, BASE, comparison.desired_digest)
    assert [each["fate"] for each in told["differences"]] == [each.fate.value for each in comparison.differences]
    assert sum(told["summary"].values()) == len(comparison.differences) + comparison.unchanged
    effects = {each["tracking_id"]: each["effect"] for each in told["differences"] if each["effect"]}
    assert effects == {name: msgspec.to_builtins(effect) for name, effect in around.effects.items()}


@each_golden
def test_junit_and_sarif_keep_to_their_schemas(path: Path) -> None:
    comparison, around = review_of(path)
    found = (*around.findings, *obstacle_findings(comparison.obstacles))
    text = review_junit(comparison, found, around.effects)
    JUNIT.validate(text)
    cases = ET.fromstring(text).findall("testsuite/testcase")  # noqa: S314  our own output
    assert len(cases) == max(1, len(comparison.differences) + len(found))
    SARIF.validate(json.loads(findings_sarif(found, (), rules(), version="1")))


def test_an_obstacle_that_blocks_fails_its_case_and_others_pass() -> None:
    obstacles = (Obstacle("stop", "do not", path="a.yaml", line=3), Obstacle("look", "see", blocks=False))
    root = ET.fromstring(review_junit(comparison_of(), tuple(obstacle_findings(obstacles))))  # noqa: S314  our own
    assert [[part.tag for part in case] for case in root.iter("testcase")] == [["failure"], ["system-out"]]


def test_notices_are_one_a_line_for_environments_that_change_alike() -> None:
    both = [msgspec.structs.replace(each, path="m.yaml", line=7) for each in many(2, Fate.CREATED)]
    same = [
        msgspec.structs.replace(each, tracking_id=f"main/shop/x/{environment}")
        for each, environment in zip(both, ("production", "staging"), strict=True)
    ]
    (notice,) = difference_notices(comparison_of(*same))
    assert notice.message == "`main/shop/x` in production, staging: created"
    assert (notice.span.path, notice.span.line, notice.severity) == ("m.yaml", 7, Severity.NOTICE)


def test_what_goes_has_no_line_to_be_noted_at() -> None:
    assert list(difference_notices(comparison_of(*many(3, Fate.REMOVED)))) == []


def test_a_large_review_shows_what_could_hurt_and_says_where_the_rest_is() -> None:
    text = review_markdown(comparison_of(*many(3_000), *many(50, Fate.REMOVED)), AROUND)
    assert characters(text) <= LONGEST_COMMENT
    assert text.count("<b>removed</b>") == 50
    hidden = re.search(r"… and ([\d,]+) more that do not fit here: ([\d,]+) created\. All of them: (.*)</p>", text)
    assert hidden is not None
    assert hidden[1] == hidden[2]
    assert int(hidden[1].replace(",", "")) + text.count("<b>created</b>") == 3_000
    assert hidden[3] == AROUND.whole


def test_one_section_that_is_too_long_keeps_its_first_line_and_the_others_stay() -> None:
    notes = tuple("&" * 590 for _ in range(40))
    long = msgspec.structs.replace(many(1, Fate.REMOVED)[0], notes=notes)
    text = review_markdown(comparison_of(long, *many(5)), AROUND)
    assert characters(text) <= LONGEST_COMMENT
    assert "<p>🔴 <b>removed</b>" in text
    assert text.count("<b>created</b>") == 5


def test_text_of_a_large_review_is_cut_and_says_so() -> None:
    text = review_text(comparison_of(*many(50), *many(2, Fate.REMOVED)), base=BASE, limit=3)
    assert "… and 49 more: 49 created\n" in text
    assert text.count("- removed") == 2
    assert text.endswith("2 removed, 50 created.\n")


def test_errors_that_are_told_elsewhere_are_told_to_stop_the_sync() -> None:
    assert "stop the sync" not in review_text(comparison_of(*many(1)), base=BASE)
    assert "stop the sync" in review_text(comparison_of(*many(1)), base=BASE, has_errors=True)


def test_errors_stand_in_sight_and_notices_are_folded() -> None:
    error, notice = (
        Finding("rule", severity, f"this is {severity.value}", Span("a.yaml", 1, 1, 1, 1))
        for severity in (Severity.ERROR, Severity.NOTICE)
    )
    text = review_markdown(comparison_of(), AROUND._replace(findings=(notice, error)))
    assert text.index("would stop the sync") < text.index("this is error") < text.index("<details>")
    assert text.index("<details>") < text.index("this is notice") < text.index("</details>")


@settings(derandomize=True, max_examples=40, deadline=None)
@given(comparisons, surroundings, st.integers(0, 60), st.integers(8_000, LONGEST_COMMENT))
def test_markdown_is_never_longer_than_asked(
    comparison: Comparison, around: Surroundings, times: int, longest: int
) -> None:
    larger = msgspec.structs.replace(
        comparison, differences=comparison.differences * times, obstacles=comparison.obstacles * times
    )
    crowded = around._replace(findings=tuple(around.findings) * times)
    for measure in (characters, octets):
        text = review_markdown(larger, crowded, longest=longest, measure=measure)
        assert measure(text) <= longest


@settings(derandomize=True, max_examples=150, deadline=None)
@given(comparisons, surroundings)
def test_texts_of_others_stay_in_their_place_where_markdown_is_shown(
    comparison: Comparison, around: Surroundings
) -> None:
    text = review_markdown(comparison, around).encode("utf-8", "replace").decode()
    assert_tame(text)
    assert text.startswith("<!-- toban plan ")


@settings(derandomize=True, max_examples=100, deadline=None)
@given(comparisons, hostile_texts)
def test_texts_of_others_cannot_act_on_a_terminal_or_a_runner(comparison: Comparison, base: str) -> None:
    text = review_text(comparison, base=base)
    hidden = {character for character in text if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}
    assert hidden <= set("\n\u200c\u200d")
    assert not any(line.lstrip().startswith("::") for line in text.splitlines())


@settings(derandomize=True, max_examples=60, deadline=None)
@given(comparisons, surroundings, st.lists(findings, max_size=2))
def test_machines_can_read_any_review(comparison: Comparison, around: Surroundings, found: list[Finding]) -> None:
    told = json.loads(review_json(comparison, around))
    assert len(told["differences"]) == len(comparison.differences)
    JUNIT.validate(review_junit(comparison, found, around.effects))
    every = (*found, *obstacle_findings(comparison.obstacles), *difference_notices(comparison, around.effects))
    SARIF.validate(json.loads(findings_sarif(every, (), rules(), version="1")))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_base_is_shown_as_code(text: str) -> None:
    shown = review_markdown(comparison_of(), Surroundings(text)).encode("utf-8", "replace").decode()
    assert re.search(r"<p>Compared with <code>[^<\n]*</code></p>\n", shown)
