"""Text of others made visible, and what differs between two texts."""

from __future__ import annotations

import json

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from generator.render.model import Rendering, Resource
from generator.report.html import prose
from generator.report.rendering_json import rendering_json
from generator.report.text_diff import Line, line_diff, underline, word_diff
from generator.report.visible import display_width, short, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, 当番, é, 👨\u200d👩\u200d👧", "plain, 当番, é, 👨\u200d👩\u200d👧"),
        ("\x1b[31m\x07\x9b", r"\x1b[31m\x07\x9b"),
        ("a\tb\nc\rd", r"a\tb\nc\rd"),
        ("\u202eevil\u2066", r"\u202eevil\u2066"),
        ("\U000e0041", r"\U000e0041"),
        ("\udcff", r"\udcff"),
        ("\u2028\u2029", r"\u2028\u2029"),
        ("\u3000wide blank", "\u3000wide blank"),
        ("##vso[task.complete]", r"\x23#vso[task.complete]"),
        ("###[error]", r"#\x23#[error]"),
        ("## heading [link]", "## heading [link]"),
        ("::error::x ::add-mask::y a::b", r"\x3a:error::x \x3a:add-mask::y a::b"),
    ],
)
def test_what_cannot_be_seen_or_would_act_is_escaped(text: str, shown: str) -> None:
    assert visible(text) == shown


@settings(derandomize=True, max_examples=200)
@given(st.text())
def test_visible_text_has_no_line_break_and_stays_as_it_is(text: str) -> None:
    shown = visible(text)
    assert len(shown.splitlines()) <= 1
    assert visible(shown) == shown


@pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("当番", 4), ("e\u0301", 1), ("ﾊﾝｶｸ", 4), ("👍", 2)])
def test_width_is_what_a_terminal_takes(text: str, columns: int) -> None:
    assert display_width(text) == columns


@pytest.mark.parametrize(("text", "shown"), [("abcd", "abcd"), ("abcde", "abc…"), ("", "")])
def test_long_text_is_cut_to_its_length(text: str, shown: str) -> None:
    assert short(text, 4) == shown


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ("`x<y` and `z`", "<code>x&lt;y</code> and <code>z</code>"),
        ("ask @octocat, or #12.", "ask <code>@octocat</code>, or <code>#12</code>."),
        ("see https://example.com/x?a=b&c.", "see <code>https://example.com/x?a=b&amp;c</code>."),
        ("a`b", "a`b"),
    ],
)
def test_prose_mentions_nobody(text: str, html: str) -> None:
    assert prose(text) == html


def test_words_that_differ_are_marked() -> None:
    before, after = word_diff("avg:m{env:staging} > 0.8", "avg:m{env:production} > 0.8")
    assert [before.text[start:end] for start, end in before.marked] == ["staging"]
    assert [after.text[start:end] for start, end in after.marked] == ["production"]


def test_texts_with_little_in_common_are_not_marked() -> None:
    assert word_diff("avg(last_5m):a", "something else entirely") == (
        Line("-", "avg(last_5m):a"),
        Line("+", "something else entirely"),
    )


def test_underline_stands_under_wide_characters() -> None:
    assert underline(Line("+", "当番 x", ((0, 2), (3, 4)))) == "~~~~ ~"


def test_equal_lines_far_from_a_change_are_left_out() -> None:
    before = "\n".join("abcdefgh")
    marks = [
        (line.mark, line.text) for line in line_diff(before, before.replace("b", "B").replace("g", "G"), context=1)
    ]
    assert marks == [
        ("|", "a"),
        *[("-", "b"), ("+", "B")],
        *[("|", "c"), ("…", ""), ("|", "f")],
        *[("-", "g"), ("+", "G")],
        ("|", "h"),
    ]


@settings(derandomize=True, max_examples=200)
@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abc")))
def test_line_diff_with_all_context_holds_both_texts(old: list[str], new: list[str]) -> None:
    assume(old != new)
    lines = line_diff("\n".join(old), "\n".join(new), context=1_000)
    assert [line.text for line in lines if line.mark in "-|"] == old
    assert [line.text for line in lines if line.mark in "+|"] == new


@settings(derandomize=True, max_examples=200)
@given(st.text(alphabet="ab .:{}", max_size=30), st.text(alphabet="ab .:{}", max_size=30))
def test_unmarked_words_are_the_same_on_both_sides(old: str, new: str) -> None:
    before, after = word_diff(old, new)
    if before.marked or after.marked:
        assert _unmarked(before) == _unmarked(after)


def test_texts_too_large_to_compare_count_as_different_in_full() -> None:
    before, after = "x\n" * 5_000 + "y", "x\n" * 5_000 + "z"
    assert [line.mark for line in line_diff(before, after)] == ["-"] * 5_001 + ["+"] * 5_001


def test_rendering_as_json_holds_what_others_rely_on() -> None:
    resource = Resource("main/a/b/production", "monitor", {"name": "当番"}, "monitors/a.yaml", 3, notes=("n",))
    assert json.loads(rendering_json(Rendering("main", (resource,), ()))) == {
        "version": 1,
        "resources": [
            {
                "tracking_id": "main/a/b/production",
                "resource": "monitor",
                "payload": {"name": "当番"},
                "path": "monitors/a.yaml",
                "line": 3,
            },
        ],
    }


def _unmarked(line: Line) -> str:
    return "".join(
        character
        for position, character in enumerate(line.text)
        if not any(start <= position < end for start, end in line.marked)
    )
