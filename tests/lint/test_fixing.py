"""A fix changes the one value that it speaks of, or nothing."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.finding import Fix
from generator.lint.fixing import Fixed, fixed
from generator.source.documents import load

WHOLE = "false"
QUERY = "avg(last_5m):agv:m{*} > 1"


def applied(text: str, place: tuple[str | int, ...], replacement: str, *, was: object = True, **part: int) -> Fixed:
    content = text.encode()
    span = load("a.yaml", content).span(place)
    return fixed("a.yaml", content, [Fix(span, was, replacement, **part)])  # type: ignore[arg-type]  any value


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: true  # why\nb: 1\n", "a: false  # why\nb: 1\n"),
        ("x: {a: 1}\na: true\n", "x: {a: 1}\na: false\n"),
        ("\r\na: true\r\nb: 1\r\n", "\r\na: false\r\nb: 1\r\n"),
        ("\ufeffa: true\n", "a: false\n"),
        ("a: True\n", "a: false\n"),
        ("a:\n  true\n", "a:\n  false\n"),
    ],
)
def test_whole_value_is_replaced_and_the_rest_stays(before: str, after: str) -> None:
    assert applied(before, ("a",), WHOLE) == Fixed(after, 1)


@pytest.mark.parametrize(
    "text",
    [
        'a: "true"\n',
        "a: << x >>\n",
        "a: &x true\nb: *x\n",
        "a: *x\n",
        "b: &x true\na: *x\n",
        "a: yes\n",
        "a: [true]\n",
        "b: 1\n",
        "a: true\na: true\n",
        "a: true\nb: [\n",
    ],
)
def test_what_is_not_exactly_the_expected_value_is_left_alone(text: str) -> None:
    assert applied(text, ("a",), WHOLE) == Fixed(text, 0)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("q: avg(last_5m):agv:m{*} > 1  # x\n", "q: avg(last_5m):avg:m{*} > 1  # x\n"),
        ("q: 'avg(last_5m):agv:m{*} > 1'\n", "q: 'avg(last_5m):avg:m{*} > 1'\n"),
        ('{q: "avg(last_5m):agv:m{*} > 1"}\n', '{q: "avg(last_5m):avg:m{*} > 1"}\n'),
    ],
)
def test_part_of_a_text_is_replaced(before: str, after: str) -> None:
    assert applied(before, ("q",), "avg", was=QUERY, start=13, end=16) == Fixed(after, 1)


@pytest.mark.parametrize(
    ("text", "replacement"),
    [
        ("q: avg(last_5m):agv:m{*} > 1\n", "avg # "),
        ("q: avg(last_5m):agv:m{*} > 1\n", "avg: "),
        ("q: 'avg(last_5m):agv:m{*} > 1'\n", "it's"),
        ("q: avg(last_5m):agv:m{*} > 1\n", "a\nb: 2"),
        ("q: >-\n  avg(last_5m):agv:m{*} > 1\n", "avg"),
        ("q: avg(last_5m):agv:<< m >>{*} > 1\n", "avg"),
        ("q: avg(last_5m):agv:m{*}\n  > 1\n", "avg"),
    ],
)
def test_text_that_would_be_read_otherwise_is_left_alone(text: str, replacement: str) -> None:
    result = applied(text, ("q",), replacement, was=QUERY, start=13, end=16)
    assert result == Fixed(text, 0)


def test_one_fix_that_cannot_be_made_does_not_hold_up_the_others() -> None:
    text = "a: true\nb: &x true\nc: *x\nd: true\n"
    document = load("a.yaml", text.encode())
    fixes = [Fix(document.span((key,)), was=True, text=WHOLE) for key in ("a", "b", "d")]
    assert fixed("a.yaml", text.encode(), fixes) == Fixed("a: false\nb: &x true\nc: *x\nd: false\n", 2)


def test_equal_fixes_are_one() -> None:
    fix = Fix(load("a.yaml", b"a: true\n").span(("a",)), was=True, text=WHOLE)
    assert fixed("a.yaml", b"a: true\n", [fix, fix]) == Fixed("a: false\n", 1)


@settings(derandomize=True, max_examples=80, deadline=None)
@given(
    st.lists(st.sampled_from(["true", "false", "'true'", "1", "[true, 1]", "# x"]), min_size=1, max_size=6),
    st.integers(0, 5),
)
def test_at_most_the_one_value_differs(values: list[str], chosen: int) -> None:
    text = "".join(f"k{index}: {value}\n" for index, value in enumerate(values))
    result = applied(text, (f"k{chosen}",), WHOLE)
    before, after = yaml.safe_load(text), yaml.safe_load(result.text)
    differing = [key for key in before if before[key] != after[key]]
    assert differing == ([f"k{chosen}"] if result.count else [])
    assert bool(result.count) == (values[chosen : chosen + 1] == ["true"])
