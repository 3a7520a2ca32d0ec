"""When one group's notifications are held back, and what is told when that ends."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from msgspec import Struct

from generator.message.event import State

Interval = tuple[int, int]
FOREVER = 1 << 40


class Mute(Struct, frozen=True):
    """From `start` to before `end` nobody is told. What then is in one of the states `told_at_end` is told once more.

    A recovery from what was told before is the first one; it is sent unless that is muted too
    (https://docs.datadoghq.com/monitors/downtimes/#disable-first-recovery-notification).
    """

    start: int
    end: int
    told_at_end: frozenset[State] = frozenset()
    mutes_first_recovery: bool = True


class Mutes(Struct, frozen=True):
    """`edges` in order of time; after each one of `mutes_recovery` holds: None where nothing is muted."""

    edges: tuple[int, ...] = ()
    mutes_recovery: tuple[bool | None, ...] = ()
    ends: tuple[int, ...] = ()
    told: tuple[frozenset[State], ...] = ()

    def are_on(self, at: int) -> bool:
        return self._held(at) is not None

    def let_recovery_pass(self, at: int) -> bool:
        return not self._held(at)

    def next_end(self, after: int) -> int | None:
        """The first end later than `after` of what tells at its end."""
        place = bisect_right(self.ends, after)
        return self.ends[place] if place < len(self.ends) else None

    def told_at(self, end: int) -> frozenset[State]:
        return self.told[bisect_right(self.ends, end) - 1]

    def _held(self, at: int) -> bool | None:
        place = bisect_right(self.edges, at)
        return self.mutes_recovery[place - 1] if place else None


NONE = Mutes()


def mutes(each: Iterable[Mute]) -> Mutes:
    """Those of one group; where several overlap, one that mutes the first recovery is enough."""
    known = [mute for mute in each if mute.start < mute.end]
    if not known:
        return NONE
    changes: dict[int, tuple[int, int]] = {}
    for mute in known:
        for at, step in ((mute.start, 1), (mute.end, -1)):
            held, strict = changes.get(at, (0, 0))
            changes[at] = held + step, strict + step * mute.mutes_first_recovery
    edges = sorted(changes)
    states: list[bool | None] = []
    held = strict = 0
    for edge in edges:
        held, strict = held + changes[edge][0], strict + changes[edge][1]
        states.append(strict > 0 if held else None)
    told = _told_at_ends(known)
    return Mutes(tuple(edges), tuple(states), tuple(told), tuple(told.values()))


def _told_at_ends(each: Iterable[Mute]) -> dict[int, frozenset[State]]:
    found: dict[int, frozenset[State]] = {}
    for mute in sorted(each, key=lambda mute: mute.end):
        if mute.told_at_end:
            found[mute.end] = found.get(mute.end, frozenset()) | mute.told_at_end
    return found


def plainly(intervals: Sequence[Interval]) -> tuple[Mute, ...]:
    """Silence that lets no recovery through and ends without a word."""
    return tuple(Mute(start, end) for start, end in intervals)
