"""What was expected against what was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from generator.message.event import State
from generator.simulate.telling import Sent
from generator.simulate.timeline import GroupTimeline, Transition
from generator.testing.model import PreparedTest, Wanted
from generator.testing.moments import local
from generator.testing.outcome import Difference
from generator.testing.wanting import STATE_NAMES

_NO_GROUP = (GroupTimeline(group=()),)
_MOST_GROUPS = 5


def differences(test: PreparedTest, groups: Sequence[GroupTimeline], sent: Sequence[Sent]) -> tuple[Difference, ...]:
    comparing = _Comparing(test.zone, groups, sent)
    return tuple(each for wanted in test.wanted for each in comparing.differences(wanted))


class _Comparing:
    def __init__(self, zone: ZoneInfo, groups: Sequence[GroupTimeline], sent: Sequence[Sent]) -> None:
        self._zone = zone
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
        if wanted.message is not None or wanted.part is not None:
            yield from self._of_message(wanted, arrived)

    def _meant(self, wanted: Wanted) -> Sequence[GroupTimeline]:
        """The groups; one that never had a point is OK and never changes."""
        return [each for each in self._groups if wanted.group <= set(each.group)] or _NO_GROUP

    def _of_state(self, wanted: Wanted, state: State, groups: Sequence[GroupTimeline]) -> Iterator[Difference]:
        until = wanted.since + 1 if wanted.is_moment else wanted.until
        for group in groups:
            for at, found in _states(group, wanted.since, until):
                if found is not state:
                    when = "" if wanted.is_moment else f" from {self._clock(max(at, wanted.since))}"
                    yield Difference(
                        wanted.place, f"`{STATE_NAMES[state]}`", f"{_word(found)}{when}{self._whose(group, wanted)}", at
                    )
                    break

    def _of_changes(
        self, wanted: Wanted, changes: Sequence[tuple[int, State]], groups: Sequence[GroupTimeline]
    ) -> Iterator[Difference]:
        expected = [(at // 60, state) for at, state in changes]
        for group in groups:
            found = [each for each in group.transitions if wanted.since <= each.at < wanted.until]
            if [(each.at // 60, each.after) for each in found] != expected:
                yield Difference(
                    wanted.place,
                    self._list([(at, state) for at, state in changes]),
                    self._list([(each.at, each.after) for each in found]) + self._whose(group, wanted),
                )

    def _of_told(self, wanted: Wanted, handles: frozenset[str], arrived: Sequence[Sent]) -> Iterator[Difference]:
        told = {handle: each for each in reversed(arrived) for handle in each.told}
        if set(told) != handles:
            at = min((each.at for handle, each in told.items() if handle not in handles), default=None)
            when = "" if wanted.is_moment or at is None else f", first at {self._clock(at)}"
            yield Difference(wanted.place, f"told: {_handles(handles)}", f"{_handles(told)}{when}", at)

    def _of_message(self, wanted: Wanted, arrived: Sequence[Sent]) -> Iterator[Difference]:
        text = wanted.message if wanted.message is not None else f"… {wanted.part} …"
        if not arrived:
            yield Difference(wanted.place, f"a message: {text}", "no message")
        for each in arrived:
            found = each.text.strip()
            if (wanted.message is not None and found != wanted.message) or (wanted.part or "") not in found:
                yield Difference(wanted.place, f"a message: {text}", found, each.at)
                return

    def _whose(self, group: GroupTimeline, wanted: Wanted) -> str:
        """Which group is meant, where that is a question."""
        if wanted.group and not group.group:
            known = [",".join(each.group) for each in self._groups[:_MOST_GROUPS]]
            return f"; there is no such group, but {', '.join(known)}" if known else "; there is no such group"
        return f", of {','.join(group.group)}" if len(self._groups) > 1 else ""

    def _list(self, changes: Sequence[tuple[int, State]]) -> str:
        return ", ".join(f"{self._clock(at)} {STATE_NAMES.get(state, state.value)}" for at, state in changes) or "none"

    def _clock(self, at: int) -> str:
        return clock_text(at, self._zone)


def clock_text(at: int, zone: ZoneInfo) -> str:
    """Seconds only where there are any."""
    shown = local(at, zone)
    return f"{shown:%H:%M:%S}" if shown.second else f"{shown:%H:%M}"


def _is_meant(wanted: Wanted, at: int, group: Sequence[str]) -> bool:
    return wanted.since <= at < wanted.until and wanted.group <= set(group)


def _states(group: GroupTimeline, since: int, until: int) -> Iterator[tuple[int, State]]:
    """The states from `since` to before `until`, with when each began."""
    earlier = [each for each in group.transitions if each.at <= since]
    yield (earlier[-1].at if earlier else since), _state_after(earlier)
    yield from ((each.at, each.after) for each in group.transitions if since < each.at < until)


def _state_after(transitions: Sequence[Transition]) -> State:
    return transitions[-1].after if transitions else State.OK


def _word(state: State) -> str:
    return f"`{STATE_NAMES.get(state, state.value)}`"


def _handles(handles: Sequence[str] | frozenset[str] | dict[str, Sent]) -> str:
    return " ".join(sorted(handles)) or "nobody"
