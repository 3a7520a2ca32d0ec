"""A change of one field of a monitor in words, where words say more than the two values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from generator.explain.changes import query_changes
from generator.explain.durations import duration_words
from generator.explain.phrases import code, listed, number
from generator.message.handles import handles
from generator.message.paging import is_paging
from generator.query.nodes import Query
from generator.query.parser import likely_type, parse_monitor
from generator.query.problem import SyntaxProblem

Wording = Callable[[Any, Any], str | None]
_LONGEST_SECONDS = 10**9


def field_words(path: Sequence[str | int], before: object, after: object) -> str | None:
    """`alerts 5 minutes later`; None where the values speak for themselves. None as a value means absent."""
    wording = _WORDINGS.get(".".join(str(part) for part in path))
    return wording(before, after) if wording else None


def _threshold_words(name: str) -> Wording:
    def words(before: object, after: object) -> str | None:
        if before is None:
            return f"{name} {_number(after)} added"
        if after is None:
            return f"{name} {_number(before)} removed"
        return f"{name} {_number(before)} → {_number(after)}"

    return words


def _duration_change(name: str, *, unit: int, default: int = 0) -> Wording:
    def words(before: object, after: object) -> str | None:
        old, new = (_duration(default if value is None else value, unit) for value in (before, after))
        return None if old is None or new is None else f"{name} {_or_none(old)} → {_or_none(new)}"

    return words


def _delay_words(before: object, after: object) -> str | None:
    old, new = _duration(before or 0, 1), _duration(after or 0, 1)
    if old is None or new is None or old == new:
        return None
    return f"alerts {duration_words(abs(new - old))} {'later' if new > old else 'earlier'}"


def _switch(on: str, off: str, *, default: bool = False) -> Wording:
    def words(before: object, after: object) -> str | None:
        was, is_now = (default if value is None else value for value in (before, after))
        if not isinstance(was, bool) or not isinstance(is_now, bool) or was is is_now:
            return None
        return on if is_now else off

    return words


def _message_words(before: object, after: object) -> str | None:
    return _handle_words(handles(str(before or "")), handles(str(after or "")))


def _handle_words(before: Any, after: Any) -> str | None:
    """Pages apart from what only tells."""
    old, new = before or (), after or ()
    come, gone = [each for each in new if each not in old], [each for each in old if each not in new]
    changes = (
        ("now also pages", [each for each in come if is_paging(each)]),
        ("now also notifies", [each for each in come if not is_paging(each)]),
        ("no longer pages", [each for each in gone if is_paging(each)]),
        ("stops notifying", [each for each in gone if not is_paging(each)]),
    )
    return "; ".join(f"{words} {listed(found)}" for words, found in changes if found) or None


def _tag_words(before: object, after: object) -> str | None:
    old, new = (value if isinstance(value, list) else [] for value in (before, after))
    changes = (
        ("added", [str(tag) for tag in new if tag not in old]),
        ("removed", [str(tag) for tag in old if tag not in new]),
    )
    found = (
        f"{'tag' if len(tags) == 1 else 'tags'} {listed(map(code, tags))} {what}" for what, tags in changes if tags
    )
    return "; ".join(found) or None


def _priority_words(before: object, after: object) -> str | None:
    old, new = (f"P{number(value)}" if isinstance(value, int) else "none" for value in (before, after))
    return f"priority {old} → {new}"


def _missing_data_words(before: object, after: object) -> str | None:
    old, new = (_MISSING_DATA.get(str(value or "")) for value in (before, after))
    return f"without data: {old} → {new}" if old and new else None


def _query_words(before: object, after: object) -> str | None:
    """What of the query changed; the texts tell the rest."""
    old, new = (_query(value) for value in (before, after))
    return None if old is None or new is None else "; ".join(query_changes(old, new)) or None


def _query(value: object) -> Query | None:
    text = str(value or "")
    parsed = parse_monitor(likely_type(text), text)
    return None if isinstance(parsed, SyntaxProblem) else parsed


def _number(value: object) -> str:
    return number(value) if isinstance(value, int | float) else code(str(value))


def _duration(value: object, unit: int) -> timedelta | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value * unit < _LONGEST_SECONDS:
        return None
    return timedelta(seconds=value * unit)


def _or_none(duration: timedelta) -> str:
    return duration_words(duration) if duration else "none"


_MISSING_DATA = {
    "": "not said",
    "default": "Datadog's default",
    "resolve": "OK",
    "show_no_data": "shows NO DATA",
    "show_and_notify_no_data": "notifies",
}
_WORDINGS: Mapping[str, Wording] = {
    "handles": _handle_words,  # of a message, where somebody compares them apart from its text
    "message": _message_words,
    "options.evaluation_delay": _delay_words,
    "options.include_tags": _switch("titles name the tags", "titles no longer name the tags", default=True),
    "options.new_group_delay": _duration_change("wait for new groups", unit=1, default=60),
    "options.no_data_timeframe": _duration_change("time without data", unit=60),
    "options.notify_no_data": _switch("now notifies without data", "stops notifying without data"),
    "options.on_missing_data": _missing_data_words,
    "options.renotify_interval": _duration_change("renotification interval", unit=60),
    "options.require_full_window": _switch("needs a full window", "no longer needs a full window"),
    "options.thresholds.critical": _threshold_words("threshold"),
    "options.thresholds.critical_recovery": _threshold_words("recovery threshold"),
    "options.thresholds.warning": _threshold_words("warning threshold"),
    "options.thresholds.warning_recovery": _threshold_words("warning recovery threshold"),
    "options.timeout_h": _duration_change("auto-resolve without data", unit=3600),
    "priority": _priority_words,
    "query": _query_words,
    "tags": _tag_words,
}
