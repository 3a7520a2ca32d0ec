"""Short ways to write a window, `last(minutes=5)`, and what people mean who write one wrongly."""

from __future__ import annotations

import re

from generator.query.nodes import Window

_LOOSE = re.compile(r"(?:(last|past|previous|current|next)[_ -]?)?([0-9]{1,6})[_ -]?([A-Za-z]{0,8})([_ -]ago)?\Z")
_KINDS = {"past": "last", "previous": "last", None: "last"}
_UNITS = {"s": "s", "sec": "s", "second": "s", "": "m", "m": "m", "min": "m", "minute": "m", "h": "h", "hr": "h"}
_UNITS |= {"hour": "h", "d": "d", "day": "d", "w": "w", "week": "w", "mo": "mo", "mon": "mo", "month": "mo"}

_MINUTES = {"s": 1 / 60, "m": 1, "h": 60, "d": 24 * 60, "w": 7 * 24 * 60, "mo": 30 * 24 * 60}


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


def window_minutes(window: Window) -> float:
    """Return how long it lasts; a month counts as 30 days."""
    return window.amount * _MINUTES.get(window.unit, 0)


def meant_window(text: str) -> str:
    """Suggest the window of a metric monitor that a text probably means; empty if it is none."""
    kind, amount, unit, ago = _meant(text)
    if unit == "s":
        # The shortest unit of a metric monitor is the minute.
        amount, unit = amount // 60 if amount % 60 == 0 else 0, "m"
    if not amount:
        return ""
    return f"did you mean `{amount}{unit}_ago`?" if ago else f"did you mean `{kind}_{amount}{unit}`?"


def meant_duration(text: str) -> str:
    """Suggest the same without its kind, as the other monitors write it."""
    _, amount, unit, _ = _meant(text)
    return f"did you mean `{amount}{unit}`?" if amount else ""


def meant_current(text: str) -> str:
    """Return `1d` for `current_1d`; empty if it is not of a window that adds up since a start."""
    kind, amount, unit, _ = _meant(text)
    return f"{amount}{unit}" if kind == "current" and amount else ""


def meant_seconds(text: str) -> int:
    """Return how long a duration such as `5m` lasts; 0 if the text is none."""
    _, amount, unit, _ = _meant(text)
    return int(window_minutes(Window("last", amount, unit)) * 60)


def _meant(text: str) -> tuple[str, int, str, bool]:
    """Read kind, amount, unit and whether it is `ago`; the amount is 0 where nothing is plain."""
    found = _LOOSE.match(text[:32])
    unit = _UNITS.get(found[3].lower(), _UNITS.get(found[3].lower().removesuffix("s"))) if found else None
    if found is None or unit is None:
        return "", 0, "", False
    return _KINDS.get(found[1], found[1]), int(found[2]), unit, bool(found[4])


def _only(**units: int | None) -> tuple[int, str]:
    named = [(amount, unit) for unit, amount in units.items() if amount is not None]
    if len(named) != 1:
        raise ValueError(f"a window takes exactly one unit, not {len(named)}")
    return named[0]
