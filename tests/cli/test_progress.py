"""How fast a run goes is said of its last seconds."""

from __future__ import annotations

import pytest

from generator.cli._progress import Speed


def words(*moments: tuple[float, int], length: int = 100) -> str:
    """What is said at the last of these seconds, by how many were done."""
    now = [0.0]
    speed = Speed(length, lambda: now[0])
    said = ""
    for seconds, done in moments:
        now[0] = seconds
        said = speed.words(done)
    return said


@pytest.mark.parametrize(
    ("moments", "said"),
    [
        ([(0.4, 8)], ""),
        ([(2, 8)], "4/s, 0:23 left"),
        ([(2, 80), (10, 80), (13, 80)], "waiting"),
        ([(2, 10), (20, 20), (21, 21), (30, 30)], "1/s, 1:10 left"),
        ([(1, 50), (20, 51), (30, 52), (40, 53)], "6/min, 7:50 left"),
        ([(5, 100)], "20/s, 0:00 left"),
    ],
)
def test_the_last_seconds_count(moments: list[tuple[float, int]], said: str) -> None:
    assert words(*moments) == said


def test_a_long_time_is_told_in_hours() -> None:
    assert words((10, 10), length=10_000) == "1/s, 2:46:30 left"
