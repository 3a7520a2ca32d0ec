"""Pulls a query's points in chunks that are aligned, so that they are the same ones in the next run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import msgspec

from generator.history.answer import Unreadable, answered
from generator.history.asking import Ask
from generator.history.cache import Chunk, HistoryCache
from generator.history.line import Line, between, joined

MOST_BUCKETS = 1500
"""As many points of a series Datadog gives at once; it makes buckets longer where there would be more."""
LATE_SECONDS = 3600
"""So long after its end a chunk is taken to be complete, and kept."""
_DAY_OF_MINUTES = 1440
_AT_ONCE = 4


class Unanswered(Exception):  # noqa: N818 - says what is known
    """Why a query has no answer that a simulation can use."""


class Api(Protocol):
    """What answers metric queries."""

    def points(self, query: str, span: tuple[int, int]) -> Mapping[str, Any]:
        """The answer to one query between two times in seconds."""


class Pulling(msgspec.Struct, frozen=True, kw_only=True):
    """`target` names the API in the cache; `now` is in seconds; `progress` is told of each chunk that was pulled."""

    api: Api
    target: str
    cache: HistoryCache
    now: int
    progress: Callable[[], object] = lambda: None


def pulled(ask: Ask, pulling: Pulling) -> tuple[Line, ...]:
    """The lines of the query's groups; raises Unanswered, or what the API raises: what came until then is cached."""
    known = {each: pulling.cache.load(each) for each in chunks(ask, pulling)}
    missing = [each for each, lines in known.items() if lines is None]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        waiting = [pool.submit(_fetched, ask, each, pulling) for each in missing]
        fetched: dict[Chunk, tuple[Line, ...]] = {}
        try:
            for each, answer in zip(missing, waiting, strict=True):
                fetched[each] = answer.result()
                pulling.progress()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    parts = [part for each, lines in known.items() for part in (fetched[each] if lines is None else lines)]
    return tuple(between(each, ask.first, ask.end) for each in joined(parts))


def missing_chunks(ask: Ask, pulling: Pulling) -> frozenset[Chunk]:
    """What is not in the cache: a request each, were each answered at once."""
    return frozenset(each for each in chunks(ask, pulling) if pulling.cache.load(each) is None)


def chunks(ask: Ask, pulling: Pulling) -> Iterator[Chunk]:
    """Whole chunks, as far as they began already: a day where a bucket is a minute."""
    buckets = min(_DAY_OF_MINUTES, MOST_BUCKETS - 2 * ask.margin // ask.seconds)
    length = buckets * ask.seconds
    for number in range(ask.first // length, (ask.end - 1) // length + 1):
        if number * length < pulling.now:
            yield Chunk(pulling.target, ask.text, ask.seconds, number * length, (number + 1) * length)


def _fetched(ask: Ask, chunk: Chunk, pulling: Pulling) -> tuple[Line, ...]:
    """Asked with a margin on both sides, because what stands in a gap depends on the points around it."""
    body = pulling.api.points(ask.text, (chunk.first - ask.margin, chunk.end + ask.margin))
    try:
        found = answered(body)
    except Unreadable as error:
        raise Unanswered(f"the answer cannot be read: {error}") from error
    lines = joined([between(_checked(ask, each.interval, each.line), chunk.first, chunk.end) for each in found])
    if chunk.end + ask.margin + LATE_SECONDS <= pulling.now:
        pulling.cache.store(chunk, lines)
    return lines


def _checked(ask: Ask, interval: int, found: Line) -> Line:
    if interval > ask.seconds or (found.times % ask.seconds).any():
        raise Unanswered(
            f"`{ask.text}` was answered in buckets of {interval} s and not of {ask.seconds} s: "
            "Datadog keeps no finer points of that time, or gives none"
        )
    return found
