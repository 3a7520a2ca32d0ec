"""Which blocks of a message are shown for an alert event."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from generator.message.event import AlertEvent, State
from generator.message.lookup import Known, text_of

_TRIGGERED: Final = frozenset({State.ALERT, State.WARNING, State.NO_DATA, State.UNKNOWN})


def _recovers_from(*states: State) -> Callable[[AlertEvent], bool]:
    return lambda event: event.state is State.OK and event.previous in states


def _is(state: State) -> Callable[[AlertEvent], bool]:
    return lambda event: event.state is state


STATE_TESTS: Final[dict[str, Callable[[AlertEvent], bool]]] = {
    "is_alert": _is(State.ALERT),
    "is_alert_recovery": _recovers_from(State.ALERT),
    "is_alert_to_warning": lambda event: (event.previous, event.state) == (State.ALERT, State.WARNING),
    "is_no_data": _is(State.NO_DATA),
    # Whether NO DATA → ALERT counts too is not documented; here it does not.
    "is_no_data_recovery": _recovers_from(State.NO_DATA),
    "is_recovery": _recovers_from(*_TRIGGERED),
    "is_renotify": lambda event: event.is_renotification,
    "is_unknown": _is(State.UNKNOWN),
    "is_warning": _is(State.WARNING),
    "is_warning_recovery": _recovers_from(State.WARNING),
}


def is_match(found: Known | None, wanted: tuple[str, ...]) -> bool:
    """Whether one of the strings is part of the value; the empty string is part of any value but an empty one."""
    text = "" if found is None else text_of(found)
    return bool(text) and any(each in text for each in wanted)


def is_exact_match(found: Known | None, wanted: tuple[str, ...]) -> bool:
    """Whether the value is one of the strings; numbers compare as numbers, and no value equals the empty string."""
    text = "" if found is None else text_of(found)
    return any(each == text or _are_equal_numbers(each, text) for each in wanted)


def _are_equal_numbers(left: str, right: str) -> bool:
    try:
        return float(left) == float(right)
    except ValueError:
        return False
