from __future__ import annotations

from datetime import timedelta

import pytest

from generator.explain.durations import duration_words, window_lasting, window_words
from generator.query.nodes import Window
from generator.query.printer import print_query


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        (timedelta(0), "0 seconds"),
        (timedelta(seconds=30), "30 seconds"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(hours=1, minutes=30), "1 hour 30 minutes"),
        (timedelta(hours=24), "24 hours"),
        (timedelta(hours=25), "25 hours"),
        (timedelta(days=2), "2 days"),
        (timedelta(days=2, hours=3, minutes=4), "2 days 3 hours"),
    ],
)
def test_a_duration_is_told_in_at_most_two_units(duration: timedelta, words: str) -> None:
    assert duration_words(duration) == words


@pytest.mark.parametrize(
    ("duration", "window"),
    [
        (timedelta(minutes=30), "last_30m"),
        (timedelta(minutes=60), "last_1h"),
        (timedelta(minutes=90), "last_90m"),
        (timedelta(hours=73), "last_73h"),
    ],
)
def test_a_window_is_in_hours_where_they_are_whole(duration: timedelta, window: str) -> None:
    assert print_query(window_lasting(duration)) == window


@pytest.mark.parametrize(
    ("window", "words"),
    [
        (Window("last", 5, "m"), "5 minutes"),
        (Window("last", 1, "mo"), "1 month"),
        (Window("current", 1, "d"), "the day so far"),
        (Window("next", 1, "w"), "1 week"),
    ],
)
def test_a_window_is_told_in_words(window: Window, words: str) -> None:
    assert window_words(window) == words
