"""What a test expects: periods as instants, groups, states, and who is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from msgspec import UNSET

from generator.message.event import State
from generator.source.documents import Place
from generator.source.monitor_tests import Expected, StateName
from generator.source.wording import listed, nearest, shown
from generator.testing.model import Wanted
from generator.testing.remarks import Clock

STATES: Final[Mapping[StateName, State]] = {
    "ok": State.OK,
    "warning": State.WARNING,
    "alert": State.ALERT,
    "no_data": State.NO_DATA,
}
STATE_NAMES: Final[Mapping[State, str]] = {state: name for name, state in STATES.items()}
BEGINNING: Final = -(1 << 40)
END: Final = 1 << 40
"""Of a period that is not named."""
_MINUTE = 60
_NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Wanting:
    """`keys` are what the monitor groups by."""

    keys: tuple[str, ...]
    clock: Clock


def wanted(expected: Sequence[Expected], wanting: Wanting, place: Place) -> tuple[Wanted, ...]:
    """Those that make sense; the others are remarked on."""
    found = (_wanted(each, wanting, (*place, index)) for index, each in enumerate(expected))
    return tuple(each for each in found if each is not None)


def _wanted(expected: Expected, wanting: Wanting, place: Place) -> Wanted | None:
    clock = wanting.clock
    if all(each is UNSET for each in _outcomes(expected)):
        clock.remarks.add(
            place, "nothing is expected here", "write `state`, `changes`, `told`, `message` or `message_has`"
        )
        return None
    if _contradicts(expected, clock, place):
        return None
    period = _period(expected, clock, place)
    group = _group(expected, wanting, place)
    changes = _changes(expected, clock, place)
    if period is None or group is None or changes is None:
        return None
    return Wanted(
        place=place,
        since=period[0],
        until=period[1],
        is_moment=expected.at is not UNSET,
        group=group,
        state=None if expected.state is UNSET else STATES[expected.state],
        changes=None if expected.changes is UNSET else changes,
        told=None if expected.told is UNSET else frozenset(expected.told.split()) - {_NOBODY},
        message=None if expected.message is UNSET else expected.message,
        part=None if expected.message_has is UNSET else expected.message_has,
    )


def _outcomes(expected: Expected) -> tuple[object, ...]:
    return expected.state, expected.changes, expected.told, expected.message, expected.message_has


def _contradicts(expected: Expected, clock: Clock, place: Place) -> bool:
    is_moment = expected.at is not UNSET
    for key, other in (("from", expected.from_), ("to", expected.to), ("changes", expected.changes)):
        if is_moment and other is not UNSET:
            hint = "write either `at` or `from` and `to`" if key != "changes" else "write `state`, or leave out `at`"
            clock.remarks.add_at_key((*place, key), f"`{key}` is about a time, and `at` is a moment", hint)
            return True
    if expected.changes is not UNSET and expected.state is not UNSET:
        hint = "write one of them: `changes` are all changes, `state` holds all the time"
        clock.remarks.add_at_key(
            (*place, "changes"), "`changes` and `state` are two ways to say how the state goes", hint
        )
        return True
    texts = [key for key, each in (("message", expected.message), ("message_has", expected.message_has)) if each]
    if expected.told == _NOBODY and texts:
        hint = f"remove one of `told` and `{texts[0]}`"
        clock.remarks.add_at_key((*place, texts[0]), "nobody is told, so there is no message", hint)
        return True
    return False


def _period(expected: Expected, clock: Clock, place: Place) -> tuple[int, int] | None:
    if expected.at is not UNSET:
        at = clock.at(expected.at, (*place, "at"))
        return None if at is None else (at, at + _MINUTE)
    since = BEGINNING if expected.from_ is UNSET else clock.at(expected.from_, (*place, "from"))
    until = END if expected.to is UNSET else clock.at(expected.to, (*place, "to"))
    if since is None or until is None:
        return None
    if since >= until:
        message = f"`to` is `{expected.to}`, not later than `from`, `{expected.from_}`"
        clock.remarks.add((*place, "to"), message, "write a later time, with its day where that is another one")
        return None
    return since, until


def _group(expected: Expected, wanting: Wanting, place: Place) -> frozenset[str] | None:
    if expected.group is UNSET:
        return frozenset()
    for key in expected.group:
        if key not in wanting.keys:
            keys = listed([f"`{each}`" for each in wanting.keys], "and") if wanting.keys else "nothing"
            meant = nearest(key, wanting.keys)
            hint = f"did you mean `{meant}`?" if meant else f"it groups by {keys}"
            message = f"the monitor does not group by {shown(key)}"
            wanting.clock.remarks.add_at_key((*place, "group", key), message, hint, rule="unknown-group")
            return None
    return frozenset(f"{key}:{value}".lower() for key, value in expected.group.items())


def _changes(expected: Expected, clock: Clock, place: Place) -> tuple[tuple[int, State], ...] | None:
    found: list[tuple[int, State]] = []
    for text, name in ({} if expected.changes is UNSET else expected.changes).items():
        at = clock.at_key(text, (*place, "changes", text))
        if at is None:
            return None
        found.append((at, STATES[name]))
    return tuple(sorted(found, key=lambda change: change[0]))
