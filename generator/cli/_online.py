"""What plan, sync and `lint --online` ask Datadog about what would change, and what they say of it."""

from __future__ import annotations

import dataclasses
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from generator.cli import _judging
from generator.cli._console import tell
from generator.cli._exits import USAGE, Stop
from generator.cli._interrupts import stopping
from generator.cli._project import cache_folder
from generator.cli._target import described
from generator.finding import in_reading_order

if TYPE_CHECKING:
    from generator.cli._planning import Request
    from generator.datadog.target import Target
    from generator.online.asking import Asked
    from generator.plan.model import Plan
    from generator.render.model import Resource

_MOST_NAMES = 3


def further_judged(request: Request, target: Target, plan: Plan, found: _judging.Judged) -> _judging.Judged:
    """With what Datadog's answers tell of the changes; nothing is asked where there are none."""
    from generator.online.changing import asked_about

    if not request.at_most:
        if request.probe or request.online:
            raise Stop("`--ask-at-most 0` asks nothing", hint="leave it out, or write a greater number", code=USAGE)
        return found
    if not asked_about(plan):
        if request.probe or request.online:
            tell("Datadog was asked nothing: no monitor would change")
        return found
    asked = _asked(request, target, plan, found)
    for line in _lines(asked, request):
        tell(line)
    return _with_answers(found, asked)


def _asked(request: Request, target: Target, plan: Plan, found: _judging.Judged) -> Asked:
    """A client of its own, so that its patience is not that of the sync."""
    from generator.datadog.client import Datadog
    from generator.online.accepted import Accepted
    from generator.online.asking import ASKING_SECONDS, Extent, ask

    now = datetime.now(UTC)
    cache = cache_folder(request.root, no_cache=request.no_cache)
    accepted = Accepted(cache / "online" if cache else None, described(target), now)
    clock = time.monotonic
    with (
        Datadog(target, clock=clock, sleep=time.sleep, random=random.random, run_seconds=ASKING_SECONDS) as client,
        stopping(client.stop),
    ):
        extent = Extent(request.at_most, request.probe)
        resources = _changing(plan, found)
        return ask(client, plan, resources, extent=extent, accepted=accepted, now=now, clock=clock)


def _changing(plan: Plan, found: _judging.Judged) -> tuple[Resource, ...]:
    from generator.online.changing import asked_about

    names = {(each.resource, each.tracking_id) for each in asked_about(plan)}
    return tuple(each for each in found.whole.resources if (each.resource, each.tracking_id) in names)


def _with_answers(found: _judging.Judged, asked: Asked) -> _judging.Judged:
    from generator.lint.rendered import Repository
    from generator.lint.runner import lint_online
    from generator.lint.suppressing import settled_further
    from generator.render.locating import Locator

    further = lint_online(Repository(asked.resources), asked.answers, Locator(found.files))
    if not further:
        return found
    settled = settled_further(further, found.files, asked.resources, today=_judging.today())
    return dataclasses.replace(
        found,
        findings=in_reading_order((*found.findings, *settled.findings)),
        suppressed=(*found.suppressed, *settled.suppressed),
    )


def _lines(asked: Asked, request: Request) -> Iterator[str]:
    """What was asked, where the person asked for that; what was not, always."""
    from generator.online.probing import PROBED_DAYS

    done, probe = asked.validation, asked.probe
    if request.online or request.probe:
        yield (
            f"Datadog was asked about {_monitors(len(asked.resources))} that would change: {done.accepted} accepted, "
            f"{len(done.refusals)} refused, {done.known} accepted earlier"
        )
    if done.referring:
        names = ", ".join(f"`{each}`" for each in done.referring[:_MOST_NAMES])
        more = f" and {len(done.referring) - _MOST_NAMES} more" if len(done.referring) > _MOST_NAMES else ""
        yield f"not validated, because they refer to what is not there yet: {names}{more}"
    if done.left_out:
        yield f"not validated: {_monitors(done.left_out)} beyond --ask-at-most {request.at_most}"
    if asked.handles:
        yield f"handles were not compared with the account's: {asked.handles}"
    if request.probe:
        queries = "1 metric query" if probe.queries == 1 else f"{probe.queries} metric queries"
        yield (
            f"looked for points of the last {PROBED_DAYS} days: {_monitors(probe.monitors)}, by {queries} "
            f"(at most {request.at_most})"
        )
    if probe.unknown:
        yield f"not looked for: {_monitors(probe.unknown)} of which no metric is known that has points when all is well"
    if probe.left_out:
        yield f"not looked for: {_monitors(probe.left_out)} beyond --ask-at-most {request.at_most}"


def _monitors(count: int) -> str:
    return f"{count:,} monitor" if count == 1 else f"{count:,} monitors"
