"""What a backtest found."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct

from generator.backtest.curve import Curve
from generator.backtest.hours import BusinessHours
from generator.message.event import State
from generator.simulate.history import Group
from generator.simulate.monitor import Thresholds
from generator.simulate.sensitivity import Difference


class Episode(Struct, frozen=True, kw_only=True):
    """A group in a state that is not OK. `start` and `end` in seconds since 1970; None is still so at the end.

    Of a monitor with a schedule of its own both are equal: it tells of a moment and knows no recovery.
    """

    group: Group
    state: State
    start: int
    end: int | None
    value: float | None = None


class Told(Struct, frozen=True, kw_only=True):
    """A notification that reached somebody."""

    at: int
    group: Group
    before: State
    after: State
    handles: tuple[str, ...]
    is_renotify: bool
    in_business_hours: bool


class Course(Struct, frozen=True, kw_only=True):
    """One version of a monitor from `since` to `until`; `notes` tell what it saw otherwise than Datadog would.

    At so many of its evaluations as `with_points` some group had a point. It `depends_on` these choices that Datadog
    does not document; None where that was not asked.
    """

    since: int
    until: int
    evaluations: int
    groups: int
    with_points: int
    episodes: tuple[Episode, ...] = ()
    told: tuple[Told, ...] = ()
    curves: tuple[Curve, ...] = ()
    thresholds: Thresholds | None = None
    notes: tuple[str, ...] = ()
    depends_on: tuple[Difference, ...] | None = None

    def of(self, state: State) -> tuple[Episode, ...]:
        return tuple(each for each in self.episodes if each.state is state)

    def seconds_in(self, state: State) -> int:
        """Of all groups together."""
        return sum(self.seconds_of(each) for each in self.of(state))

    def seconds_of(self, episode: Episode) -> int:
        return (self.until if episode.end is None else episode.end) - episode.start

    @property
    def is_blind(self) -> bool:
        """Whether no evaluation saw a point, so that its having been silent says nothing."""
        return self.with_points == 0

    @property
    def longest(self) -> int:
        """Seconds of the longest alert."""
        return max((self.seconds_of(each) for each in self.of(State.ALERT)), default=0)

    @property
    def told_outside(self) -> tuple[Told, ...]:
        return tuple(each for each in self.told if not each.in_business_hours)

    def flaps(self, within_seconds: int) -> int:
        """How many alerts began so soon after the one before of the same group."""
        ended: dict[Group, int] = {}
        count = 0
        for each in sorted(self.of(State.ALERT), key=lambda episode: episode.start):
            if each.group in ended and each.start - ended[each.group] <= within_seconds:
                count += 1
            if each.end is not None and each.end > each.start:
                ended[each.group] = each.end
        return count


class NotRun(Struct, frozen=True):
    """Why there is no course; with `is_budget` only the requests of the run were spent."""

    reason: str
    is_budget: bool = False


class Backtested(Struct, frozen=True, kw_only=True):
    """A monitor as it is and as proposed: None where there is none in that version, or nothing to compare with."""

    tracking_id: str
    title: str
    path: str
    line: int
    hours: BusinessHours
    proposed: Course | NotRun | None
    base: Course | NotRun | None = None

    @property
    def is_run(self) -> bool:
        return bool(self.courses)

    @property
    def is_blind(self) -> bool:
        """Whether no version that was run saw a point."""
        courses = self.courses
        return bool(courses) and all(each.is_blind for each in courses)

    @property
    def courses(self) -> tuple[Course, ...]:
        """Of the versions that were run, the base first."""
        return tuple(each for each in (self.base, self.proposed) if isinstance(each, Course))

    @property
    def reason(self) -> str:
        """Why it was not back-tested."""
        found = (each.reason for each in (self.proposed, self.base) if isinstance(each, NotRun))
        return next(found, "it is in neither version")

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(note for each in self.courses for note in each.notes))


class Backtest(Struct, frozen=True, kw_only=True):
    """All monitors from `since` to `until`. `source` says in words where the history came from, `base` the revision.

    `assumptions` say what was taken for granted of all of them; `requests` were sent.
    """

    since: int
    until: int
    source: str
    base: str | None
    flapping_seconds: int
    monitors: tuple[Backtested, ...]
    assumptions: tuple[str, ...] = ()
    requests: int = 0

    @property
    def run(self) -> tuple[Backtested, ...]:
        return tuple(each for each in self.monitors if each.is_run)

    @property
    def not_run(self) -> tuple[Backtested, ...]:
        return tuple(each for each in self.monitors if not each.is_run)


def handles_told(told: Iterable[Told], *, key: Callable[[Told], bool] = lambda _: True) -> dict[str, int]:
    """How often each handle was told, the most often told first."""
    found: dict[str, int] = {}
    for each in told:
        for handle in each.handles if key(each) else ():
            found[handle] = found.get(handle, 0) + 1
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))
