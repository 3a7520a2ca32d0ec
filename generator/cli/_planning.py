"""What plan and sync share: render, list, plan."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from generator.cli import _applied, _judging, _online
from generator.cli._collector import collector_off
from generator.cli._console import tell
from generator.cli._exits import PROBLEM, USAGE, Stop
from generator.cli._files import STATE
from generator.cli._interrupts import stopping
from generator.cli._options import WITHIN_MINUTES
from generator.cli._own_writing import explained
from generator.cli._project import IsElsewhere
from generator.cli._revisions import older_than_applied
from generator.cli._target import described, opened_target
from generator.datadog.client import Datadog
from generator.datadog.errors import ApiError, UnusableTarget
from generator.datadog.target import Target
from generator.finding import Finding, is_error
from generator.plan.digest import signed
from generator.plan.model import Obstacle, Plan
from generator.plan.options import PlanOptions
from generator.plan.order import Key
from generator.plan.planner import plan as planned
from generator.plan.review import still_used, unread_users
from generator.render.model import Rendering
from generator.report.visible import LONGEST_VALUE, short
from generator.resources.tracking import is_tracking_id
from generator.resources.types import Payload, resource_types
from generator.sync.blotted import exposed_keys
from generator.sync.last_count import remembered
from generator.sync.uses import Uses, uses_of

WIDENING = ("prune", "accept_live_loss", "replace", "take_over")
"""What lets a plan do more than it would."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the person asked plan or sync for."""

    root: Path
    api_url: str | None
    local: bool
    only: tuple[str, ...] = ()
    paths: tuple[Path, ...] = ()
    no_cache: bool = False
    prune: bool = False
    accept_live_loss: bool = False
    replace: bool = False
    take_over: bool = False
    ref: str | None = None
    within: int = WITHIN_MINUTES
    at_most: int = 0
    probe: bool = False
    online: bool = False
    revert_drift: tuple[str, ...] = ()
    fetch_applied: bool = False
    push_applied: bool = False

    @property
    def flags(self) -> tuple[str, ...]:
        """The options that let a plan do more, as they are written."""
        flags = (f"--{name.replace('_', '-')}" for name in WIDENING if getattr(self, name))
        return (*flags, *(f"--revert-drift={name}" for name in sorted(set(self.revert_drift))))

    @property
    def state(self) -> Path:
        return self.root / STATE


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with all that it was made of; `live` is by resource type, `known` what was last applied."""

    plan: Plan
    found: _judging.Judged
    target: Target
    live: Mapping[str, tuple[Payload, ...]]
    uses: Uses | None = None
    known: _applied.Known = _applied.NOTHING_KNOWN


@contextmanager
def opened(request: Request) -> Iterator[tuple[Target, Datadog]]:
    """The Datadog that the request is for; its failures end the command with a text for people."""
    try:
        with (
            opened_target(request.root, request.api_url, local=request.local) as target,
            Datadog(
                target,
                clock=time.monotonic,
                sleep=time.sleep,
                random=random.random,
                run_seconds=request.within * 60.0,
            ) as client,
            stopping(client.stop),
        ):
            yield target, client
    except ApiError as error:
        raise Stop(str(error), code=USAGE if isinstance(error, UnusableTarget) else PROBLEM) from error


def make_plan(request: Request, target: Target, client: Datadog) -> Planned:
    """List while rendering, then plan."""
    whole = [each for each in resource_types().values() if not each.listing.summaries]
    with collector_off(), ThreadPoolExecutor(len(whole)) as pool:
        lists = {each.name: pool.submit(client.live, each) for each in whole}
        found = _judging.judged(
            request.root,
            only=request.only,
            paths=request.paths,
            no_cache=request.no_cache,
            ref=request.ref,
            is_elsewhere=_is_live(lists, client),
        )
        live = {name: listed.result() for name, listed in lists.items()}
        live |= {name: _live(client, name, found.whole) for name in resource_types() if name not in live}
        known = _applied.known(request, target, found.whole.workspace)
        plan = _three_way(request, found, live, known, _options(request, found, target))
        for name in sorted(set(request.revert_drift) - {change.tracking_id for change in plan.changes}):
            tell(f"`{name}` has no drift here: nothing of it is reverted")
        found = _online.further_judged(request, target, plan, found)
        uses = uses_of(client, plan)
        told = (*used_obstacles(plan, uses), *exposed_keys(plan.changes), *_obstacles_of(found.findings))
        obstacles = (*_older(plan, known, request, target), *plan.obstacles, *told)
        only = tuple(sorted(found.services))
        plan = msgspec.structs.replace(
            plan, obstacles=obstacles, target=described(target), only=only, options=request.flags
        )
        return Planned(signed(plan), found, target, live, uses, known)


def _is_live(lists: Mapping[str, Future[tuple[Payload, ...]]], client: Datadog) -> IsElsewhere:
    """A service that is gone from the YAML, or was not yet in it, may have resources still."""

    def is_live(workspace: str, service: str) -> bool:
        beginning = f"{workspace}/{service}/"
        return any(
            (kind.tracking_id(row) or "").startswith(beginning)
            for name, kind in resource_types().items()
            for row in (lists[name].result() if name in lists else client.rows(kind))
        )

    return is_live


def planned_again(made: Planned, request: Request, applied: Mapping[Key, Payload]) -> Planned:
    """The same plan as if that had been applied last."""
    options = replace(_options(request, made.found, made.target), applied=applied)
    plan = planned(made.found.whole.resources, made.live, options)
    about = {"target": made.plan.target, "only": made.plan.only, "options": made.plan.options}
    return replace(made, plan=signed(msgspec.structs.replace(plan, **about)))


def _three_way(
    request: Request, found: _judging.Judged, live: Mapping[str, tuple[Payload, ...]], known: _applied.Known, /,
    options: PlanOptions,
) -> Plan:  # fmt: skip
    """Plan once more where some of the drift turns out to be our own writing."""
    plan = planned(found.whole.resources, live, replace(options, applied=known.payloads))
    ours = explained(plan, live, known.applied, request) if plan.drift and known.applied else {}
    if not ours:
        return plan
    payloads = {key: payload for key, payload in {**known.payloads, **ours}.items() if payload is not None}
    return planned(found.whole.resources, live, replace(options, applied=payloads))


def used_obstacles(plan: Plan, uses: Uses | None) -> Iterator[Obstacle]:
    """Tell of what would vanish who uses it, and who may."""
    if uses is not None:
        yield from still_used(plan.changes, uses.look())
        yield from (unread_users(found, name) for name, found in uses.unread.items())


def _older(plan: Plan, known: _applied.Known, request: Request, target: Target) -> Iterator[Obstacle]:
    """Going back and forth is what the embedded local Datadog is for."""
    is_to_do = plan.changes or any(each.is_conflict for each in plan.drift)
    if is_to_do and known.applied and not target.is_local:
        yield from older_than_applied(known.applied.about, request)


def _obstacles_of(findings: Iterable[Finding]) -> Iterator[Obstacle]:
    """An error in the YAML makes the plan incomplete, wherever it is read and carried out."""
    for each in findings:
        if is_error(each):
            yield Obstacle(each.rule, each.message, each.hint, path=each.span.path, line=each.span.line)


def _live(client: Datadog, name: str, rendering: Rendering) -> tuple[Payload, ...]:
    """Ours, and those that could be meant by an adoption or a create."""
    ours = [each for each in rendering.resources if each.resource == name]
    kind = resource_types()[name]
    adopted = {each.adopt for each in ours if each.adopt is not None}
    return client.live(kind, wanted_ids=adopted, wanted_titles={kind.title(each.payload) for each in ours})


def _options(request: Request, found: _judging.Judged, target: Target) -> PlanOptions:
    workspace = found.whole.workspace
    return PlanOptions(
        workspace=workspace,
        only=found.services,
        prune=request.prune,
        replace=request.replace,
        take_over=request.take_over,
        accept_live_loss=request.accept_live_loss,
        held=frozenset(found.whole.broken),
        held_services=frozenset(found.whole.broken_services),
        now=datetime.now(UTC),
        pages={page: frozenset(teams) for page, teams in found.whole.pages.items()},
        last_known_count=remembered(request.state, described(target), workspace),
        reverted=frozenset(_tracking_ids(request.revert_drift)),
    )


def _tracking_ids(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        if not is_tracking_id(name):
            hint = "it is WORKSPACE/SERVICE/NAME/ENVIRONMENT, as the plan shows it"
            raise Stop(f"`--revert-drift {short(name, LONGEST_VALUE)}` names no tracking id", hint=hint, code=USAGE)
        yield name


def request_of(values: Mapping[str, Any]) -> Request:
    """A request from a command's parameters, which have the same names."""
    return Request(**{name: values[name] for name in Request.__dataclass_fields__ if name in values})
