"""What two environments differ in: `NAME.yaml` holds a project, `NAME.txt` and `NAME.md` what is shown of it."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.plan.comparison import Comparison, Difference, Fate
from generator.plan.environments import compare_environments
from generator.plan.model import FieldChange
from generator.render.environment_values import environment_values
from generator.render.project import load_project
from generator.render.renderer import render
from generator.report.environments_markdown import Compared, environments_markdown
from generator.report.environments_text import environments_text
from generator.report.markdown_parts import LONGEST_COMMENT
from generator.report.review_markdown import characters
from tests.report.pages import assert_tame
from tests.report.reviews import comparisons, hostile_texts

GOLDEN = sorted((Path(__file__).parent / "golden" / "environments").glob("*.yaml"))
WHOLE = "<code>toban plan --compare staging production --limit 9</code>"
COMPARED = Compared("staging", "production", WHOLE)
SIDES = (Fate.REMOVED, Fate.CREATED, Fate.CHANGED, Fate.REPLACED)
each_golden = pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)


def compared(path: Path) -> tuple[Comparison, str, str]:
    told = yaml.safe_load(path.read_text())
    files = {name: text.encode() for name, text in told["files"].items()}
    first, second = told["environments"]
    project, _ = load_project(files)
    assert project is not None
    values = environment_values(project)
    return compare_environments(render(files).resources, values[first], values[second]), first, second


@each_golden
def test_text_is_the_golden_one(path: Path) -> None:
    assert environments_text(*compared(path)) == path.with_suffix(".txt").read_text()


@each_golden
def test_markdown_is_the_golden_one(path: Path) -> None:
    comparison, *names = compared(path)
    assert environments_markdown(comparison, Compared(*names, WHOLE)) == path.with_suffix(".md").read_text()


def of(fate: Fate, count: int, *, after: str = "") -> list[Difference]:
    return [
        Difference(
            fate,
            "dashboard",
            f"main/shop/{fate.value}{number}/production",
            "x",
            "d.yaml",
            number,
            fields=(FieldChange(("title",), "old", f"{after}{number if after else ''}"),),
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("after", ["", "new"], ids=["alike", "each its own"])
def test_of_any_number_a_comment_shows_what_fits_and_counts_the_rest(after: str) -> None:
    differences = [each for fate in SIDES for each in of(fate, 15_000, after=after)]
    text = environments_markdown(Comparison("main", tuple(differences), 7, (), "", ""), COMPARED)
    assert characters(text) <= LONGEST_COMMENT
    assert (
        "15,000 only in <code>staging</code>, 15,000 only in <code>production</code>, 30,000 differ, 7 alike." in text
    )
    hidden = re.search(r"… and ([\d,]+) more that do not fit here: (.*) All of them: (.*)</p>", text)
    assert hidden is not None
    assert hidden[3] == WHOLE
    counted = [int(number.replace(",", "")) for number in re.findall(r"([\d,]+) (?:only|differ)", hidden[2])]
    assert sum(counted) == int(hidden[1].replace(",", ""))
    assert len(re.findall(r"<li>dashboard <code>main/shop/removed", text)) == 15_000 - counted[0]
    assert "🟡" in text


def test_a_section_that_is_too_long_keeps_its_first_line() -> None:
    fields = tuple(FieldChange((f"field{number}",), "&" * 290, "<" * 290) for number in range(50))
    (difference,) = of(Fate.CHANGED, 1)
    long = msgspec.structs.replace(difference, fields=fields)
    text = environments_markdown(Comparison("main", (long,), 0, (), "", ""), COMPARED, longest=8_000)
    assert characters(text) <= 8_000
    assert "<p>🟡 dashboard <code>main/shop/changed0</code><br>field0" in text


def test_errors_in_the_yaml_are_told_where_the_comment_is_read() -> None:
    nothing = Comparison("main", (), 3, (), "", "")
    assert "has errors" in environments_markdown(nothing, COMPARED._replace(has_errors=True))
    assert "has errors" not in environments_markdown(nothing, COMPARED)


@settings(derandomize=True, max_examples=100, deadline=None)
@given(comparisons, hostile_texts, hostile_texts, st.integers(8_000, LONGEST_COMMENT))
def test_texts_of_others_stay_in_their_place(comparison: Comparison, first: str, second: str, longest: int) -> None:
    differences = tuple(each for each in comparison.differences if each.fate in SIDES)
    comparison = msgspec.structs.replace(comparison, differences=differences)
    text = environments_markdown(comparison, Compared(first, second, WHOLE), longest=longest)
    assert characters(text) <= longest
    assert_tame(text.encode("utf-8", "replace").decode())
    assert text.startswith("<!-- toban compare ")
