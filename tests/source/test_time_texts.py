"""Durations and local times as people write them."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from generator.schedule.fields import DurationText, LocalTimeText, parse_duration, parse_local_time

DURATIONS = {"30s": 30, "20m": 1200, "4h": 14400, "1d": 86400, "2w": 1209600, "0s": 0, "007m": 420}
NO_DURATIONS = ["", "20", "m", "20 m", "1.5h", "-5m", "20M", "20m\n", "20min", "1h30m", "٣m", "9999999s"]
LOCAL_TIMES = {"00:00": 0, "09:30": 570, "23:59": 1439, "24:00": 1440}
NO_LOCAL_TIMES = ["", "9:30", "24:01", "25:00", "12:60", "12:5", "1230", "12:30\n", " 12:30", "12:30:00", "١٢:٣٠"]


@pytest.mark.parametrize(("text", "seconds"), DURATIONS.items())
def test_duration_is_read(text: str, seconds: int) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)
    assert msgspec.convert(text, DurationText) == text


@pytest.mark.parametrize("text", NO_DURATIONS)
def test_other_text_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        parse_duration(text)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(text, DurationText)


@pytest.mark.parametrize(("text", "minutes"), LOCAL_TIMES.items())
def test_local_time_is_read_as_minutes_after_midnight(text: str, minutes: int) -> None:
    assert parse_local_time(text) == minutes
    assert msgspec.convert(text, LocalTimeText) == text


@pytest.mark.parametrize("text", NO_LOCAL_TIMES)
def test_other_text_is_no_local_time(text: str) -> None:
    with pytest.raises(ValueError, match="is not a local time"):
        parse_local_time(text)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(text, LocalTimeText)
