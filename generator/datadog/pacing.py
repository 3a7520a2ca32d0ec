"""When a call is repeated, how long it waits, and how many writes run at once."""

from __future__ import annotations

import enum
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from generator.datadog.buckets import Buckets, believable, doubt
from generator.datadog.errors import Unavailable, Uncertain
from generator.datadog.flight import NAP_SECONDS, allowed
from generator.datadog.transport import Answer, NoAnswer, NotSent

ATTEMPTS = 6
FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 30.0
ROOM_JITTER_SECONDS = 0.2
LAST_WRITE_SECONDS = 5.0
"""So long the writes under way are waited for once a run is stopped, for what becomes of them to be known."""
RUN_SECONDS = 1800.0

FIRST_WRITERS = 8
WRITERS = 16
"""Datadog's own tool saw 512 at its edge with 32 writers and advises eight: begun with, and grown while all is calm."""
GROW_AFTER = 25

_TOO_MANY_REQUESTS = 429
_EDGE_TIMEOUT = 512


class Effect(enum.Enum):
    """What repeating a call may do."""

    READ = "read"
    IDEMPOTENT = "idempotent"
    ONCE = "once"


@dataclass(frozen=True, slots=True)
class Call:
    """A call in words, what repeating it may do, and which calls it shares a rate limit with; "" for none."""

    words: str
    effect: Effect
    bucket: str = ""


class WriteLimit:
    """How many writes run at once: halved where Datadog is overrun, growing slowly again."""

    def __init__(self, most: int = WRITERS, first: int = FIRST_WRITERS) -> None:
        self._most = most
        self._allowed = min(first, most)
        self._running = 0
        self._calm = 0
        self._halvings = 0
        self._changed = threading.Condition()

    @property
    def allowed(self) -> int:
        return self._allowed

    def enter(self, seconds: float) -> int | None:
        """Wait so long for a turn; the number goes back with `leave`."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._running < self._allowed, seconds):
                return None
            self._running += 1
            return self._halvings

    def leave(self, halvings_before: int, *, overrun: bool) -> None:
        """Give the turn back. Writes that ran together are overrun together: they halve the limit once."""
        with self._changed:
            self._running -= 1
            if not overrun:
                self._grow()
            elif halvings_before == self._halvings:
                self._allowed = max(1, self._allowed // 2)
                self._halvings += 1
                self._calm = 0
            self._changed.notify_all()

    def _grow(self) -> None:
        self._calm += 1
        if self._calm >= GROW_AFTER and self._allowed < self._most:
            self._allowed += 1
            self._calm = 0


class _Over(Exception):  # noqa: N818 - the name says what is known
    """The run ended before a request was sent."""


class Pace:
    """The patience of one run: repeats what may be repeated until it is answered, out of tries or out of time."""

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], object],
        random: Callable[[], float],
        run_seconds: float = RUN_SECONDS,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._random = random
        self._run_words = f"{run_seconds / 60:.3g} min"
        self._deadline = clock() + run_seconds
        self._writes_resume_at = 0.0
        self._stopped_at: float | None = None
        self._buckets = Buckets(clock)
        self.writes = WriteLimit()

    @property
    def is_over(self) -> str:
        """Why nothing is sent any more, or an empty text."""
        if self._stopped_at is not None:
            return "the run was stopped"
        if self._clock() >= self._deadline:
            return f"the time of this run, {self._run_words}, is over; run again"
        return ""

    def stop(self) -> None:
        """Read nothing and wait for nothing any more but, for a few seconds, begun writes. Safe in a signal handler."""
        if self._stopped_at is None:
            self._stopped_at = self._clock()

    def answered(self, send: Callable[[], Answer], call: Call) -> Answer:
        """The answer that decides: a success, or a refusal that repeating would not change."""
        tries = 0
        refusals = 0
        while True:
            try:
                answer, failure = self._attempt(send, call)
                if answer is not None and not _is_worth_repeating(answer.status):
                    return answer
                refused = answer is not None and answer.status == _TOO_MANY_REQUESTS
                refusals, tries = (refusals + 1, tries) if refused else (refusals, tries + 1)
                if answer is not None and not refused and call.effect is Effect.ONCE:
                    raise Uncertain(f"{call.words} was answered with {failure}; whether it happened is not known")
                if tries >= ATTEMPTS:
                    raise _given_up(call, f"{failure} ({tries} tries)")
                seconds = self._wait_seconds(answer, max(tries, refusals))
                if refused and call.effect is not Effect.READ:
                    self._writes_resume_at = max(self._writes_resume_at, self._clock() + seconds)
                self._wait(seconds, failure)
            except _Over as over:
                raise _given_up(call, str(over), tries=tries, refusals=refusals) from None

    def wait(self, seconds: float, why: str) -> None:
        """Sleep, unless that would last past the end of the run."""
        try:
            self._wait(seconds, why)
        except _Over as over:
            raise Unavailable(str(over)) from None

    def _wait(self, seconds: float, why: str) -> None:
        if is_over := self.is_over:
            raise _Over(f"{why}; {is_over}")
        until = self._clock() + seconds
        if until > self._deadline:
            raise _Over(f"{why}; waiting {seconds:.0f} s more would exceed the time of this run, {self._run_words}")
        while (left := until - self._clock()) > 0:
            if is_over := self.is_over:
                raise _Over(f"{why}; {is_over}")
            self._sleep(min(left, NAP_SECONDS))

    def _attempt(self, send: Callable[[], Answer], call: Call) -> tuple[Answer | None, str]:
        """Send once: an answer, or none and why. A write that may have happened is not for repeating."""
        try:
            answer = self._sent(send, call) if call.effect is Effect.READ else self._write(send, call)
        except NotSent as error:
            return None, str(error)
        except NoAnswer as error:
            if call.effect is Effect.ONCE:
                raise Uncertain(f"{call.words} got no answer ({error}); whether it happened is not known") from error
            return None, str(error)
        return answer, f"status {answer.status}{doubt(answer.headers) if answer.status == _TOO_MANY_REQUESTS else ''}"

    def _sent(self, send: Callable[[], Answer], call: Call) -> Answer:
        """Send as soon as the rate limit has room."""
        if not call.bucket:
            return self._begun(send, call)
        while (seconds := self._buckets.enter(call.bucket)) > 0:
            why = f"the rate limit leaves no room{self._buckets.doubt(call.bucket)}"
            self._wait(seconds + self._random() * ROOM_JITTER_SECONDS, why)
        headers: Mapping[str, str] = {}
        try:
            answer = self._begun(send, call)
            headers = answer.headers
            return answer
        finally:
            self._buckets.leave(call.bucket, headers)

    def _begun(self, send: Callable[[], Answer], call: Call) -> Answer:
        self._refuse_when_over(call)
        with allowed(lambda: self._seconds_left(call)):
            return send()

    def _refuse_when_over(self, call: Call) -> None:
        if self._seconds_left(call) <= 0:
            raise _Over(self.is_over)

    def _seconds_left(self, call: Call) -> float:
        """A write has begun with a note of it on disk, so it is sent a little longer than reads."""
        left = self._deadline - self._clock()
        if self._stopped_at is None:
            return left
        patience = 0.0 if call.effect is Effect.READ else LAST_WRITE_SECONDS
        return min(left, self._stopped_at + patience - self._clock())

    def _write(self, send: Callable[[], Answer], call: Call) -> Answer:
        while (turn := self.writes.enter(NAP_SECONDS)) is None:
            self._refuse_when_over(call)
        overrun = False
        try:
            if (pause := self._writes_resume_at - self._clock()) > 0:
                self._wait(pause, "status 429")
            answer = self._sent(send, call)
            overrun = answer.status in {_TOO_MANY_REQUESTS, _EDGE_TIMEOUT}
            return answer
        finally:
            self.writes.leave(turn, overrun=overrun)

    def _wait_seconds(self, answer: Answer | None, failures: int) -> float:
        """What the server asked for, else a doubling wait; chance keeps writers from coming back together."""
        asked = None if answer is None else _asked_seconds(answer)
        if asked is not None:
            return asked + self._random() * min(1.0, 0.1 + asked * 0.1)
        longest = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2.0 ** (failures - 1))
        return longest * (0.5 + self._random() / 2)


def _is_worth_repeating(status: int) -> bool:
    return status in {408, _TOO_MANY_REQUESTS} or status >= 500


def _given_up(call: Call, why: str, *, tries: int = ATTEMPTS, refusals: int = 0) -> Uncertain | Unavailable:
    """Reads, and what never left or was refused, change nothing; a PUT or DELETE may have happened in a try."""
    if call.effect is Effect.IDEMPOTENT and tries:
        return Uncertain(f"{call.words} was given up: {why}; whether it happened is not known")
    return Unavailable(f"{call.words} was {'given up' if tries or refusals else 'not sent'}: {why}")


def _asked_seconds(answer: Answer) -> float | None:
    """Seconds until the rate limit is reset, as a whole or broken number, or what Retry-After says."""
    if answer.status == _TOO_MANY_REQUESTS:
        reset = believable(answer.headers.get("x-ratelimit-reset"))
        if reset is not None:
            return reset
    after = answer.headers.get("retry-after")
    seconds = believable(after)
    return seconds if seconds is not None else _seconds_until(after, answer.headers.get("date"))


def _seconds_until(moment: str | None, now: str | None) -> float | None:
    """Retry-After may be a date; it is compared with the server's own clock."""
    try:
        until, since = (parsedate_to_datetime(text or "") for text in (moment, now))
    except ValueError:
        return None
    return believable(str((_in_utc(until) - _in_utc(since)).total_seconds()))


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
