"""What was expected against what was found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from generator.message.event import State
from generator.schedule.local_time import is_plain
from generator.simulate.telling import Sent
from generator.simulate.timeline import GroupTimeline, Transition
from generator.testing.model import PreparedTest, Wanted
from generator.testing.moments import local, offset_text
from generator.testing.outcome import Difference
from generator.testing.wanting import STATE_NAMES

_EMPTY_LINES = re.compile(r"\n{3,}")
_NO_GROUP = (GroupTimeline(group=()),)
_MOST_GROUPS = 5
_MINUTE = 60
_NO_MESSAGE = "(nothing was sent)"


def differences(test: PreparedTest, groups: Sequence[GroupTimeline], sent: Sequence[Sent]) -> tuple[Difference, ...]:
    comparing = _Comparing(test, groups, sent)
    return tuple(each for wanted in test.wanted for each in comparing.differences(wanted))


class _Comparing:
    def __init__(self, test: PreparedTest, groups: Sequence[GroupTimeline], sent: Sequence[Sent]) -> None:
        self._test = test
        self._groups = groups
        self._sent = sent

    def differences(self, wanted: Wanted) -> Iterator[Difference]:
        groups = self._meant(wanted)
        if wanted.state is not None:
            yield from self._of_state(wanted, wanted.state, groups)
        if wanted.changes is not None:
            yield from self._of_changes(wanted, wanted.changes, groups)
        arrived = [each for each in self._sent if _is_meant(wanted, each.at, each.group) and not each.muted]
        if wanted.told is not None:
            yield from self._of_told(wanted, wanted.told, arrived)
        if wanted.message is not None:
            yield from _of_message(wanted, without_blanks(wanted.message), arrived)
        if wanted.part is not None:
            yield from _of_part(wanted, wanted.part, arrived)

    def _meant(self, wanted: Wanted) -> Sequence[GroupTimeline]:
        """The groups; one that never had a point is OK and never changes."""
        return [each for each in self._groups if wanted.group <= set(each.group)] or _NO_GROUP

    def _of_state(self, wanted: Wanted, state: State, groups: Sequence[GroupTimeline]) -> Iterator[Difference]:
        since = wanted.until - 1 if wanted.is_moment else wanted.since
        for group in groups:
            for at, found in _states(group, since, wanted.until):
                if found is not state:
                    when = "" if wanted.is_moment else f" from {self._clock(max(at, wanted.since, self._test.since))}"
                    told = f"{state_name(found)}{when}{self._whose(group, wanted)}"
                    yield Difference(place=wanted.place, what="state", expected=state_name(state), found=told)
                    break

    def _of_changes(
        self, wanted: Wanted, changes: Sequence[tuple[int, State]], groups: Sequence[GroupTimeline]
    ) -> Iterator[Difference]:
        expected = [(at // _MINUTE, state) for at, state in changes]
        for group in groups:
            seen = [(each.at, each.after) for each in group.transitions if wanted.since <= each.at < wanted.until]
            if [(at // _MINUTE, after) for at, after in seen] != expected:
                found = self._list(seen) + self._whose(group, wanted)
                yield Difference(place=wanted.place, what="changes", expected=self._list(changes), found=found)

    def _of_told(self, wanted: Wanted, handles: frozenset[str], arrived: Sequence[Sent]) -> Iterator[Difference]:
        told = {handle: each.at for each in reversed(arrived) for handle in each.told}
        if set(told) != handles:
            at = min((at for handle, at in told.items() if handle not in handles), default=None)
            when = "" if wanted.is_moment or at is None else f", first at {self._clock(at)}"
            yield Difference(
                place=wanted.place, what="told", expected=handles_text(handles), found=f"{handles_text(told)}{when}"
            )

    def _whose(self, group: GroupTimeline, wanted: Wanted) -> str:
        """Which group is meant, where that is a question."""
        if wanted.group and not group.group:
            known = [",".join(each.group) for each in self._groups[:_MOST_GROUPS]]
            return f"; there is no such group, but {', '.join(known)}" if known else "; there is no such group"
        return f", of {','.join(group.group)}" if len(self._groups) > 1 else ""

    def _list(self, changes: Sequence[tuple[int, State]]) -> str:
        return ", ".join(f"{self._clock(at)} {state_name(state)}" for at, state in changes) or "none"

    def _clock(self, at: int) -> str:
        return clock_text(at, self._test)


def clock_text(at: int, test: PreparedTest) -> str:
    """In local time, as a test writes it: with the day, seconds and the offset only where they are needed."""
    shown = local(at, test.zone)
    clock = f"{shown:%H:%M:%S}" if shown.second else f"{shown:%H:%M}"
    if not is_plain(shown, shown.time(), test.zone):
        clock += offset_text(shown)
    return clock if shown.date() == test.day else f"{shown:%Y-%m-%d} {clock}"


def state_name(state: State) -> str:
    """As a test writes it."""
    return STATE_NAMES.get(state, state.value)


def handles_text(handles: Iterable[str]) -> str:
    return " ".join(sorted(handles)) or "nobody"


def without_blanks(text: str) -> str:
    """Without the blanks at the ends of lines, and with one empty line for several: blocks leave them behind."""
    return _EMPTY_LINES.sub("\n\n", "\n".join(map(str.strip, text.splitlines()))).strip()


def _of_message(wanted: Wanted, text: str, arrived: Sequence[Sent]) -> Iterator[Difference]:
    found = next((each for each in arrived if without_blanks(each.text) != text), None)
    if found is not None or not arrived:
        told = _NO_MESSAGE if found is None else without_blanks(found.text)
        yield Difference(place=wanted.place, what="message", expected=text, found=told)


def _of_part(wanted: Wanted, part: str, arrived: Sequence[Sent]) -> Iterator[Difference]:
    found = next((each for each in arrived if part not in each.text), None)
    if found is not None or not arrived:
        told = _NO_MESSAGE if found is None else without_blanks(found.text)
        yield Difference(place=wanted.place, what="message_has", expected=part, found=told)


def _is_meant(wanted: Wanted, at: int, group: Sequence[str]) -> bool:
    """A notification of several groups names only what they share (`notify_by`), and is meant by each of them."""
    keys = {tag.partition(":")[0] for tag in group}
    asked = {tag for tag in wanted.group if tag.partition(":")[0] in keys}
    return wanted.since <= at < wanted.until and asked <= set(group)


def _states(group: GroupTimeline, since: int, until: int) -> Iterator[tuple[int, State]]:
    """The states from `since` to before `until`, with when each began."""
    earlier = [each for each in group.transitions if each.at <= since]
    yield (earlier[-1].at if earlier else since), _state_after(earlier)
    yield from ((each.at, each.after) for each in group.transitions if since < each.at < until)


def _state_after(transitions: Sequence[Transition]) -> State:
    return transitions[-1].after if transitions else State.OK
