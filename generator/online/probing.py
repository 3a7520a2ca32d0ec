"""Whether what monitors watch had a point in the last days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from generator.datadog.client import Datadog
from generator.online.heartbeats import heartbeats
from generator.online.parallel import answers_of
from generator.online.reach import Reach, Unasked
from generator.render.model import Resource

PROBED_DAYS = 30
MOST_QUERIES_A_CALL = 10
MOST_CHARACTERS_A_CALL = 4_000
"""The queries stand in the address of a GET."""

_Found = Mapping[str, "bool | Unasked"]


class Probe(msgspec.Struct, frozen=True):
    """By tracking id: the queries without a point, and why it was not asked.

    `monitors` were looked at, by so many `queries`; `unknown` have no heartbeat that is known, `left_out` are more than
    should be asked about.
    """

    silent: dict[str, tuple[str, ...]] = {}
    unasked: dict[str, str] = {}
    monitors: int = 0
    queries: int = 0
    unknown: int = 0
    left_out: int = 0


def probed(client: Datadog, reach: Reach, monitors: Sequence[Resource], *, now: datetime, at_most: int) -> Probe:
    """Ask for at most so many queries."""
    known = {each.tracking_id: groups for each in monitors if (groups := heartbeats(each))}
    queries: dict[str, None] = {}
    chosen: dict[str, tuple[tuple[str, ...], ...]] = {}
    for name, groups in known.items():
        further = dict.fromkeys(query for group in groups for query in group)
        if len(queries | further) <= at_most:
            queries |= further
            chosen[name] = groups
    found = _found(client, reach, tuple(queries), now)
    judged = {name: _judged(groups, found) for name, groups in chosen.items()}
    return Probe(
        silent={name: silent for name, silent in judged.items() if isinstance(silent, tuple) and silent},
        unasked={name: each.reason for name, each in judged.items() if isinstance(each, Unasked)},
        monitors=len(chosen),
        queries=len(queries),
        unknown=len(monitors) - len(known),
        left_out=len(known) - len(chosen),
    )


def _judged(groups: tuple[tuple[str, ...], ...], found: _Found) -> tuple[str, ...] | Unasked:
    """The queries of the groups in which nothing lives, or why that is not known."""
    silent: list[str] = []
    for group in groups:
        answers = [found[query] for query in group]
        if True in answers:
            continue
        unasked = next((each for each in answers if isinstance(each, Unasked)), None)
        if unasked is not None:
            return unasked
        silent += group
    return tuple(silent)


def _found(client: Datadog, reach: Reach, queries: Sequence[str], now: datetime) -> _Found:
    """Ask many at once, then those that seem silent each alone: how one answer tells many queries apart is inferred."""
    end = int(now.timestamp())
    span = (end - PROBED_DAYS * 86_400, end)

    def living(several: Sequence[str]) -> frozenset[int] | Unasked:
        return reach.ask(lambda: client.had_points(several, span))

    calls = list(_calls(queries))
    together = answers_of(client, calls, living)
    lives = {
        call[position]
        for call, positions in zip(calls, together, strict=True)
        if not isinstance(positions, Unasked)
        for position in positions
        if 0 <= position < len(call)
    }
    doubted = [(query,) for query in queries if query not in lives]
    alone = answers_of(client, doubted, living)
    return {
        **dict.fromkeys(lives, True),
        **{
            query: answer if isinstance(answer, Unasked) else bool(answer)
            for (query,), answer in zip(doubted, alone, strict=True)
        },
    }


def _calls(queries: Sequence[str]) -> Iterator[tuple[str, ...]]:
    call: list[str] = []
    for query in queries:
        length = sum(map(len, call)) + len(call) + len(query)
        if call and (len(call) == MOST_QUERIES_A_CALL or length > MOST_CHARACTERS_A_CALL):
            yield tuple(call)
            call = []
        call.append(query)
    if call:
        yield tuple(call)
