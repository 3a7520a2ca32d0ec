"""Short ways to write a window: `last(minutes=5)`."""

from __future__ import annotations

from generator.query.nodes import Window


def last(
    *,
    minutes: int | None = None,
    hours: int | None = None,
    days: int | None = None,
    weeks: int | None = None,
    months: int | None = None,
) -> Window:
    """Return a rolling window; exactly one unit is given."""
    amount, unit = _only(m=minutes, h=hours, d=days, w=weeks, mo=months)
    return Window("last", amount, unit)


def coming(
    *,
    minutes: int | None = None,
    hours: int | None = None,
    days: int | None = None,
    weeks: int | None = None,
    months: int | None = None,
) -> Window:
    """Return a window that lies ahead, for forecasts: `next_1w`."""
    amount, unit = _only(m=minutes, h=hours, d=days, w=weeks, mo=months)
    return Window("next", amount, unit)


def current_hour() -> Window:
    return Window("current", 1, "h")


def current_day() -> Window:
    return Window("current", 1, "d")


def current_month() -> Window:
    return Window("current", 1, "mo")


def _only(**units: int | None) -> tuple[int, str]:
    named = [(amount, unit) for unit, amount in units.items() if amount is not None]
    if len(named) != 1:
        raise ValueError(f"a window takes exactly one unit, not {len(named)}")
    return named[0]
