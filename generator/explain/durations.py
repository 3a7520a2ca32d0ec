"""Durations in words, and as Datadog's windows."""

from __future__ import annotations

from datetime import timedelta

from generator.query.nodes import Window

_UNITS = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))
_WINDOW_UNITS = {"m": "minute", "h": "hour", "d": "day", "w": "week", "mo": "month"}
_HOURS_AS_DAYS_FROM = timedelta(days=2)


def duration_words(duration: timedelta) -> str:
    """`1 hour 30 minutes`; at most the two largest units that are not zero, which is exact for what people write."""
    rest = round(duration.total_seconds())
    words = []
    for unit, seconds in _units(rest):
        amount, rest = divmod(rest, seconds)
        if amount:
            words.append(counted(amount, unit))
    return " ".join(words[:2]) or "0 seconds"


def duration_text(seconds: float) -> str:
    """The same of a number of seconds that nobody has checked."""
    return duration_words(timedelta(seconds=min(abs(seconds), 1e10)))


def window_words(window: Window) -> str:
    """`5 minutes` for `last_5m`, `the day so far` for `current_1d`."""
    words = counted(window.amount, _WINDOW_UNITS.get(window.unit, window.unit))
    return f"the {span_words(words)} so far" if window.kind == "current" else words


def window_span(window: Window) -> str:
    """`the last 5 minutes`, `the day so far`, `the next week`."""
    words = window_words(window)
    if window.kind == "current":
        return words
    return f"the {'next' if window.kind == 'next' else 'last'} {span_words(words)}"


def counted(amount: int, unit: str) -> str:
    return f"{amount} {unit}" if amount == 1 else f"{amount} {unit}s"


def span_words(words: str) -> str:
    """`hour` for `1 hour`, to stand after `the last`."""
    return words.removeprefix("1 ")


def window_lasting(duration: timedelta) -> Window:
    """The rolling window of a whole number of minutes, in hours where they are whole."""
    minutes = duration // timedelta(minutes=1)
    if minutes % 60:
        return Window("last", minutes, "m")
    return Window("last", minutes // 60, "h")


def _units(seconds: int) -> tuple[tuple[str, int], ...]:
    """Hours are the largest unit below two days, so that 24 hours are not called a day of 23 or 25."""
    return _UNITS[1:] if seconds < _HOURS_AS_DAYS_FROM.total_seconds() else _UNITS
