"""How much room the rate limits leave, as each answer tells it: whoever knows that nothing is left waits, unrefused."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from generator.datadog.flight import NAP_SECONDS

LONGEST_RESET_SECONDS = 3600.0
"""A rate limit's period is an hour at most; a longer wait is a mistake of whoever sent the header."""
UNBELIEVABLE_SECONDS = 30.0
"""Waited instead, whether the call was refused or not; the next answer may tell better."""


@dataclass(slots=True)
class _Bucket:
    """`left` is what the last answers said, which calls under way may have used already."""

    left: int | None = None
    limit: int | None = None
    resets_at: float | None = None
    running: int = 0
    doubt: str = ""


class Buckets:
    """Used by many threads; a bucket is named by whoever calls, because only the answer tells Datadog's own name."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}
        self._changed = threading.Condition()

    def enter(self, name: str) -> float:
        """Begin a call and give 0; where there is no room, begin none and give the seconds until there may be."""
        with self._changed:
            bucket = self._buckets.setdefault(name, _Bucket())
            while True:
                self._renew(bucket)
                if bucket.left is None or bucket.running < bucket.left:
                    bucket.running += 1
                    return 0.0
                if not bucket.running and bucket.resets_at is not None:
                    return max(bucket.resets_at - self._clock(), 0.001)
                if not bucket.running:
                    bucket.left = None
                    continue
                # The calls under way will tell how much is left; whoever waits for them may run out of time.
                if not self._changed.wait(NAP_SECONDS):
                    return 0.001

    def leave(self, name: str, headers: Mapping[str, str]) -> None:
        """End a call; `headers` are those of its answer, none where there was none."""
        with self._changed:
            bucket = self._buckets[name]
            bucket.running -= 1
            left, seconds = _number(headers, "remaining"), believable(headers.get("x-ratelimit-reset"))
            if left is not None and seconds is not None:
                self._learn(bucket, int(left), seconds)
                bucket.doubt = doubt(headers)
                limit = _number(headers, "limit")
                bucket.limit = bucket.limit if limit is None else int(limit)
            self._changed.notify_all()

    def doubt(self, name: str) -> str:
        """What is not believed of when there is room again, in words to go on with; else empty."""
        return self._buckets[name].doubt

    def _learn(self, bucket: _Bucket, left: int, seconds: float) -> None:
        """Inside a period less and less is left; answers may overtake each other by as many as are under way."""
        self._renew(bucket)
        resets_at = self._clock() + seconds
        known = bucket.left
        if known is None or bucket.resets_at is None or left > known + bucket.running + 1:
            bucket.left, bucket.resets_at = left, resets_at
        else:
            # Whole seconds are rounded up, so the earliest is the truest.
            bucket.left, bucket.resets_at = min(known, left), min(bucket.resets_at, resets_at)

    def _renew(self, bucket: _Bucket) -> None:
        if bucket.resets_at is not None and self._clock() >= bucket.resets_at:
            bucket.left, bucket.resets_at = bucket.limit, None


def believable(text: str | None) -> float | None:
    """Seconds until a limit is reset: no longer than is worth a try where no limit lasts so long; None if none."""
    try:
        seconds = float(text or "")
    except ValueError:
        return None
    if not 0 <= seconds < math.inf:
        return None
    return seconds if seconds <= LONGEST_RESET_SECONDS else UNBELIEVABLE_SECONDS


def doubt(headers: Mapping[str, str]) -> str:
    """Words to go on with where the reset that is named is not believed; else empty."""
    named = headers.get("x-ratelimit-reset") or headers.get("retry-after")
    if believable(named) != UNBELIEVABLE_SECONDS or float(named or "") == UNBELIEVABLE_SECONDS:
        return ""
    instead = f"{UNBELIEVABLE_SECONDS:.0f} s are waited"
    return f" (reset in {float(named or ''):,.0f} s, which no limit of Datadog has: {instead})"


def _number(headers: Mapping[str, str], name: str) -> float | None:
    """None where it is missing, no number or none that can be."""
    try:
        number = float(headers.get(f"x-ratelimit-{name}") or "")
    except ValueError:
        return None
    return number if 0 <= number <= 1e9 else None
