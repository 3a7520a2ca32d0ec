"""What the job of a pull request uploads is what the trusted job shows, whatever the branch has in its YAML."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings

from generator.finding import Finding, Severity, Span
from generator.github.upload import LONGEST_FILE
from generator.plan.comparison import Comparison, Fate
from generator.plan.model import Obstacle
from generator.report.markdown_parts import LONGEST_COMMENT
from generator.report.review_comment import comment_json, comment_markdown, read_review, told_findings
from generator.report.review_markdown import Surroundings, characters, review_markdown
from tests.report.reviews import BASE, comparison_of, comparisons, many, review_of, surroundings

GOLDEN = sorted((Path(__file__).parent.parent / "report" / "golden" / "review").glob("*.yaml"))
COMMAND = "toban plan --base 'a & b'"


def shown(comparison: Comparison, around: Surroundings) -> str:
    content = comment_json(comparison, around, command=COMMAND).encode()
    assert len(content) <= LONGEST_FILE
    return comment_markdown(read_review(content), above="")


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_comment_is_the_markdown_that_the_job_itself_shows(path: Path) -> None:
    comparison, around = review_of(path)
    assert shown(comparison, around) == review_markdown(comparison, around)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(comparisons, surroundings)
def test_any_text_comes_through_an_upload(comparison: Comparison, around: Surroundings) -> None:
    obstacles = tuple(msgspec.structs.replace(each, rule="stop") for each in comparison.obstacles)
    found = tuple(msgspec.structs.replace(each, rule="yaml-syntax") for each in around.findings)
    ours = msgspec.structs.replace(comparison, workspace="main", obstacles=obstacles)
    assert shown(ours, around._replace(findings=found)) == review_markdown(ours, around._replace(findings=found))


def test_what_has_no_room_is_counted_with_the_command_that_shows_it() -> None:
    text = shown(comparison_of(*many(3_000), *many(50, Fate.REMOVED)), Surroundings(BASE))
    assert characters(text) <= LONGEST_COMMENT
    assert text.count("<b>removed</b>") == 50
    hidden = 3_000 - text.count("<b>created</b>")
    assert f"… and {hidden:,} more that do not fit here: {hidden:,} created. All of them: <code>toban plan" in text


def test_the_largest_upload_of_our_own_is_not_refused() -> None:
    long = "\u30a2\u2028" * 500
    obstacles = (Obstacle("stop", long, long, tracking_id=long, path=long),) * 600
    around = Surroundings(BASE, (Finding("stop", Severity.ERROR, long, Span(long, 1, 1, 1, 1), long),) * 600)
    text = shown(comparison_of(obstacles=obstacles), around)
    assert characters(text) <= LONGEST_COMMENT
    assert "more obstacles" in text
    assert "more findings" in text
    content = comment_json(comparison_of(obstacles=obstacles), around).encode()
    assert len(told_findings(read_review(content))) == 2
