"""Plans as text, Markdown and JSON: `NAME.yaml` is a plan, `NAME.txt` and `NAME.md` what is shown of it."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.plan.model import Action, Change, FieldChange, Obstacle, Plan
from generator.report.markdown_parts import LONGEST_COMMENT
from generator.report.plan_json import plan_json
from generator.report.plan_markdown import plan_markdown
from generator.report.plan_text import plan_text
from generator.report.style import COLOURED

GOLDEN = Path(__file__).parent / "golden" / "plan"
TARGET = "the local Datadog"


def case(name: str) -> tuple[Plan, dict[str, Any]]:
    told = yaml.safe_load((GOLDEN / f"{name}.yaml").read_text())
    options = {"limit": told.pop("limit")} if "limit" in told else {}
    return msgspec.convert(told, Plan), options


def plan_of(*changes: Change, obstacles: tuple[Obstacle, ...] = ()) -> Plan:
    return Plan("main", changes, 0, obstacles, "d1", "d2")


def create(number: int) -> Change:
    title = f"Resource {number}"
    return Change(Action.CREATE, "dashboard", f"main/shop/r{number}/production", title, after={"title": title})


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.txt")), ids=lambda path: path.stem)
def test_text_is_the_golden_one(path: Path) -> None:
    plan, options = case(path.stem)
    assert plan_text(plan, target=TARGET, **options) == path.read_text()


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.md")), ids=lambda path: path.stem)
def test_markdown_is_the_golden_one(path: Path) -> None:
    assert plan_markdown(case(path.stem)[0], target=TARGET) == path.read_text()


def test_every_golden_plan_has_its_text() -> None:
    assert {path.stem for path in GOLDEN.glob("*.yaml")} == {path.stem for path in GOLDEN.glob("*.txt")}


def test_json_holds_the_plan() -> None:
    plan, _ = case("words")
    told = json.loads(plan_json(plan))
    assert {key: told[key] for key in ("version", "digest", "desired_digest")} == {
        "version": 1,
        "digest": "",
        "desired_digest": "",
    }
    assert told["summary"] == {"create": 0, "update": 1, "replace": 0, "delete": 0, "adopt": 0, "unchanged": 1}
    assert set(told) == {"version", "digest", "desired_digest", "summary", "changes", "obstacles", "drift"}
    (change,) = told["changes"]
    assert set(change) == {
        *("action", "resource", "tracking_id", "id", "title", "path", "line", "fields", "before", "after", "notes"),
    }
    assert [(field["path"], field["before"], field["after"]) for field in change["fields"][:2]] == [
        (["options", "evaluation_delay"], 600, 900),
        (["options", "thresholds", "critical"], 0.8, 1),
    ]
    assert all(set(field) == {"path", "before", "after", "words"} for field in change["fields"])


def test_json_holds_the_obstacles() -> None:
    plan, _ = case("obstacles")
    told = json.loads(plan_json(plan))
    assert told["obstacles"] == json.loads(msgspec.json.encode(plan.obstacles))


def test_text_never_cuts_the_summary_nor_the_obstacles_that_block() -> None:
    obstacles = (*(Obstacle("look", "m", blocks=False) for _ in range(9)), Obstacle("stop", "do not"))
    text = plan_text(plan_of(*map(create, range(50)), obstacles=obstacles), target=TARGET, limit=3)
    assert text.endswith("1 obstacle stands in the way of a sync.\n50 to create.\n")
    assert "… and 47 more: 47 to create\n" in text
    assert "x blocks: do not [stop]" in text
    assert "… and 7 more obstacles\n" in text


def test_deletes_are_shown_before_creates_where_not_all_fit() -> None:
    delete = Change(Action.DELETE, "dashboard", "main/shop/gone/production", "Gone", id="1", before={"title": "Gone"})
    plan = plan_of(*map(create, range(2_000)), delete)
    assert "- delete dashboard main/shop/gone/production" in plan_text(plan, target=TARGET, limit=10)
    assert "<b>delete</b> dashboard <code>main/shop/gone/production</code>" in plan_markdown(plan, target=TARGET)


def test_markdown_of_a_large_plan_is_cut_by_whole_resources_and_says_so() -> None:
    text = plan_markdown(plan_of(*map(create, range(2_000))), target=TARGET)
    shown = text.count("<details>")
    assert len(text) <= LONGEST_COMMENT
    assert 100 < shown == text.count("</details>")
    assert f"… and {2_000 - shown:,} more that do not fit here: {2_000 - shown:,} to create" in text


@pytest.mark.parametrize("plan_size", [1, 2_000])
def test_markdown_begins_with_a_mark_to_find_the_comment_again(plan_size: int) -> None:
    assert plan_markdown(plan_of(*map(create, range(plan_size))), target=TARGET).startswith(
        "<!-- toban plan main -->\n"
    )


@pytest.mark.parametrize("needs_review", [True, False])
def test_the_digest_of_the_plan_is_told_where_a_review_needs_it(needs_review: bool) -> None:  # noqa: FBT001 - a row
    obstacle = Obstacle("mass-update", "many", blocks=False, needs_review=needs_review)
    plan = msgspec.structs.replace(plan_of(create(1)), obstacles=(obstacle,), digest="0123", desired_digest="4567")
    assert ("plan digest 0123" in plan_text(plan, target=TARGET)) is needs_review
    assert ("plan digest <code>0123</code>" in plan_markdown(plan, target=TARGET)) is needs_review


def test_long_field_changes_are_cut() -> None:
    fields = tuple(FieldChange(("description",), f"{number}\na" * 90, f"{number}\nb" * 90) for number in range(9))
    change = Change(Action.UPDATE, "dashboard", "main/shop/x/production", "X", fields=fields)
    text = plan_text(plan_of(change), target=TARGET)
    assert len(text.splitlines()) < 80
    assert re.search(r"… [\d,]+ more lines", text)


def test_colour_marks_the_words_that_changed_without_an_underline() -> None:
    plan, _ = case("update")
    text = plan_text(plan, target=TARGET, style=COLOURED)
    assert "env:\x1b[1m\x1b[32mproduction\x1b[0m\x1b[0m} by" in text
    assert "~~~" not in text


hostile_texts = st.one_of(
    st.text(max_size=80),
    st.sampled_from(
        ["```", "`````\n</details>", "</p>\n\n# x", "<script>", "@octocat", "a\nb\n\n@team/x", "\x1b[2J", "&" * 3_000],
    ),
    st.text(alphabet="`~<>@#&'\"\n \\|*_[]()!-+:/x", max_size=400),
)
values = st.one_of(st.none(), st.booleans(), st.integers(), hostile_texts, st.lists(hostile_texts, max_size=2))
field_changes = st.builds(
    FieldChange,
    path=st.lists(st.one_of(hostile_texts, st.integers(0, 9)), min_size=1, max_size=3).map(tuple),
    before=values,
    after=values,
)
changes = st.builds(
    Change,
    action=st.sampled_from(Action),
    resource=st.sampled_from(["monitor", "dashboard"]),
    tracking_id=st.one_of(st.just("main/shop/x/production"), hostile_texts),
    title=hostile_texts,
    id=st.one_of(st.none(), hostile_texts),
    after=st.none(),
    fields=st.lists(field_changes, max_size=4).map(tuple),
    path=hostile_texts,
    notes=st.lists(hostile_texts, max_size=2).map(tuple),
)
obstacles = st.builds(Obstacle, rule=hostile_texts, message=hostile_texts, hint=hostile_texts, path=hostile_texts)
plans = st.builds(
    Plan,
    workspace=st.just("main"),
    changes=st.lists(changes, max_size=6).map(tuple),
    unchanged=st.integers(0, 9),
    obstacles=st.lists(obstacles, max_size=3).map(tuple),
    digest=st.just(""),
    desired_digest=hostile_texts,
)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(plans, hostile_texts, st.integers(0, 60))
def test_markdown_is_never_longer_than_a_comment(plan: Plan, target: str, times: int) -> None:
    many = msgspec.structs.replace(plan, changes=plan.changes * times, obstacles=plan.obstacles * times)
    text = plan_markdown(many, target=target)
    assert len(text) <= LONGEST_COMMENT
    outside = _without_fences(text)
    assert outside.count("<details>") == outside.count("</details>")


@settings(derandomize=True, max_examples=200, deadline=None)
@given(plans, hostile_texts)
def test_texts_of_others_cannot_leave_their_place_in_markdown(plan: Plan, target: str) -> None:
    outside = _without_fences(plan_markdown(plan, target=target))
    tags = {tag.lower() for tag in re.findall(r"<(/?[a-zA-Z!][^\s>]*)", outside)}
    ours = {"details", "summary", "b", "p", "code", "br", "h4", "sub"}
    assert tags <= {"!--", *ours, *(f"/{tag}" for tag in ours)}
    assert "@" not in re.sub(r"<code>[^<]*</code>", "", outside)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(plans, hostile_texts)
def test_texts_of_others_cannot_act_on_a_terminal_or_a_runner(plan: Plan, target: str) -> None:
    text = plan_text(plan, target=target)
    hidden = {character for character in text if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}
    assert hidden <= set("\n\u200c\u200d")
    assert not any(line.lstrip().startswith("::") for line in text.splitlines())
    assert "##[" not in text


@settings(derandomize=True, max_examples=50, deadline=None)
@given(plans)
def test_json_of_any_plan_can_be_read(plan: Plan) -> None:
    assert len(json.loads(plan_json(plan))["changes"]) == len(plan.changes)


def _without_fences(text: str) -> str:
    """What CommonMark reads outside fences: a fence closes with at least as many backticks as it opened with."""
    outside: list[str] = []
    fence = ""
    for line in text.split("\n"):
        backticks = re.fullmatch(r" {0,3}(`{3,})(.*)", line)
        if not fence and backticks and "`" not in backticks[2]:
            fence = backticks[1]
        elif fence and backticks and not backticks[2].strip() and len(backticks[1]) >= len(fence):
            fence = ""
        elif not fence:
            outside.append(line)
    return "\n".join(outside)
