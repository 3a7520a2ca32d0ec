"""Points as promtool writes them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.testing.notation import MOST_POINTS, NotationProblem, points_of

EXPANDED = {
    "5": (5.0,),
    "-1.5e2": (-150.0,),
    ".5": (0.5,),
    "1x3": (1.0, 1.0, 1.0, 1.0),
    "5+1x3": (5.0, 6.0, 7.0, 8.0),
    "1-2x2": (1.0, -1.0, -3.0),
    "-2+4x2": (-2.0, 2.0, 6.0),
    "7x0": (7.0,),
    "_": (None,),
    "1 _x3 stale": (1.0, None, None, None, None),
    "  0   1\n2 ": (0.0, 1.0, 2.0),
}


@pytest.mark.parametrize(("text", "points"), EXPANDED.items())
def test_it_expands_as_promtool_does(text: str, points: tuple[float | None, ...]) -> None:
    assert points_of(text) == points


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("0 5x 1", 2, 4),
        ("1 x3", 2, 4),
        ("1,2", 0, 3),
        ("0x9999999", 0, 9),
        ("_3", 0, 2),
        ("1 nan", 2, 5),
        ("0b1", 0, 3),
    ],
)
def test_what_is_no_point_is_marked(text: str, start: int, end: int) -> None:
    found = points_of(text)
    assert isinstance(found, NotationProblem)
    assert (found.start, found.end) == (start, end)


@pytest.mark.parametrize("text", ["0x999999", f"0x{MOST_POINTS}", "0x40000 0x40000", "1e300+1e308x9"])
def test_more_than_can_be_simulated_is_refused(text: str) -> None:
    assert isinstance(points_of(text), NotationProblem)


@pytest.mark.parametrize("text", ["1x9999999", "1+2x99999999999999999999", f"_x{'9' * 10_000}", "0x40000 0x40000"])
def test_what_is_too_many_points_says_how_many_there_may_be(text: str) -> None:
    found = points_of(text)
    assert isinstance(found, NotationProblem)
    assert found.message == "these are more than 50,000 points"


@given(st.text("0123456789x+-._ e stale", max_size=30) | st.text(max_size=20))
@settings(derandomize=True, max_examples=300, deadline=None)
def test_any_text_is_points_or_a_problem_inside_it(text: str) -> None:
    found = points_of(text)
    if isinstance(found, NotationProblem):
        assert 0 <= found.start <= found.end <= len(text)
    else:
        assert len(found) <= MOST_POINTS
