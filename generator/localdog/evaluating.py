"""Rounds of evaluations: all monitors, for the minutes since the round before."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from typing import TYPE_CHECKING, TypeVar

from generator.localdog.monitor_list import TYPE
from generator.localdog.organisation import Organisation
from generator.localdog.recording import Work, evaluate_monitor
from generator.localdog.routing import rules_of
from generator.localdog.silences import of_organisation
from generator.localdog.watched import Watched, watched

if TYPE_CHECKING:
    from generator.localdog.numeric.engine import Engine

Part = TypeVar("Part")
MINUTE, HOUR, DAY = 60, 3600, 86_400
# Minutes of all series: about half a second of work where one monitor looks at all of them.
MOST_AT_ONCE = 500_000
# So long after the last point that a window can hold, every group is forgotten.
SILENT_AFTER = 2 * DAY
LONGEST_CATCH_UP = DAY
# A clock that is set right by some seconds is waited for; one that is set back further begins anew.
SMALL_STEP_BACK = 600
SECONDS_A_TURN = 0.02


async def evaluate(organisation: Organisation, *, longest: int = LONGEST_CATCH_UP) -> None:
    """Evaluate what has become due, at most `longest` seconds back."""
    async with organisation.rounds.lock:
        now = int(organisation.now().timestamp())
        until = now - now % MINUTE
        standings = organisation.store.standings
        evaluated_until = standings.evaluated_until()
        if evaluated_until is not None and evaluated_until > until + SMALL_STEP_BACK:
            evaluated_until = begun_anew(organisation, until - MINUTE)
        step = seconds_at_once(organisation.store.series.count())
        for first, last in spans(evaluated_until, until, longest, step=step):
            await evaluate_span(organisation, first, last)


async def begin_at(organisation: Organisation) -> None:
    """After the clock was set: the next round is the minute that it shows. Nothing was evaluated later than that."""
    async with organisation.rounds.lock:
        now = int(organisation.now().timestamp())
        begun_anew(organisation, now - now % MINUTE - MINUTE)


def begun_anew(organisation: Organisation, until: int) -> int:
    with organisation.store.transaction():
        organisation.store.standings.rewind(until)
        organisation.store.standings.set_evaluated_until(until)
    return until


def seconds_at_once(series: int) -> int:
    """How much one evaluation of a monitor takes together, so that requests need not wait long for it."""
    hours = MOST_AT_ONCE // max(1, series) // 60
    return max(1, min(hours, 24)) * HOUR


def spans(evaluated_until: int | None, until: int, longest: int, *, step: int = DAY) -> list[tuple[int, int]]:
    """What is due, from the first second to the last one, in parts of `step` seconds."""
    since = max(until - MINUTE if evaluated_until is None else evaluated_until, until - longest)
    return [(first + 1, min(first + step, until)) for first in range(since, until, step)]


async def evaluate_span(organisation: Organisation, first: int, last: int) -> None:
    store = organisation.store
    monitors = await due(organisation, first)
    if monitors:
        engine = engine_of(organisation)
        engine.begin(store.series, {part for each in monitors for part in each.parts})
        work = Work(engine, first, last, of_organisation(store), rules_of(store))
        async for each in shared_time(monitors):
            evaluate_monitor(organisation, work, each)
    store.standings.forget_deleted()
    store.standings.set_evaluated_until(last)


async def due(organisation: Organisation, first: int) -> list[Watched]:
    """Monitors of metrics that somebody ever sent, unless long silence has nothing left to change; then composites."""
    store, rounds = organisation.store, organisation.rounds
    newest, evaluated = store.series.newest(), store.standings.monitors()
    read: dict[bytes, Watched] = {}
    async for body in shared_time([*store.bodies(TYPE)]):
        read[body] = rounds.watched.get(body) or watched(body)
    rounds.watched = read
    found = []
    for each in read.values():
        last = max((newest[metric] for metric in each.metrics if metric in newest), default=None)
        if last is None:
            continue
        is_triggered = each.id in evaluated and each.payload["overall_state"] != "OK"
        if is_triggered or last >= first - SILENT_AFTER - engine_of(organisation).reading(each).seconds_back:
            found.append(each)
    if rounds.engine is not None:
        rounds.engine.forget_all_but({each.id for each in read.values()})
    return [*found, *(each for each in read.values() if each.is_composite)]


def engine_of(organisation: Organisation) -> Engine:
    if organisation.rounds.engine is None:
        from generator.localdog.numeric.engine import Engine  # noqa: PLC0415 it loads numpy, which no start pays for

        organisation.rounds.engine = Engine()
    return organisation.rounds.engine


async def shared_time(parts: Iterable[Part]) -> AsyncIterator[Part]:
    """Let other requests in after each turn."""
    begun = time.perf_counter()
    for part in parts:
        yield part
        if time.perf_counter() - begun > SECONDS_A_TURN:
            await asyncio.sleep(0)
            begun = time.perf_counter()
