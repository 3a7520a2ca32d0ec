"""Puts archived resources back: one file, or all that a run has overwritten or deleted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli._exits import INTERRUPTED, OK, PROBLEM, USAGE, Stop

if TYPE_CHECKING:
    from generator.cli._planning import Request
    from generator.datadog.client import Datadog
    from generator.datadog.target import Target
    from generator.plan.model import Plan
    from generator.sync.archive import Archived
    from generator.sync.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Agreement:
    """What stands for a person's yes: `--yes`, and the digest of what was looked at."""

    yes: bool
    digest: str | None
    output: str = "text"
    """As what it is told what became of it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a run has kept, all of it or one file."""

    run: str
    found: tuple[Archived, ...]


def read_file(file: Path, state: Path) -> Kept:
    """One file of the archive of this checkout: from elsewhere it could say anything of anything."""
    from generator.sync.archive import run_of

    archived, run = _read(file), run_of(state, file)
    if run is None:
        hint = f"where it is of this workspace, copy it into a folder of {state / 'archive'}/ first"
        raise Stop(f"`{file}` is not in the archive of this checkout", hint=hint, code=USAGE)
    return Kept(run, (archived,))


def read_run(state: Path, run: str) -> Kept:
    """All that a run has kept, by name; `last` is the latest sync that has kept anything."""
    from generator.sync.archive import kept_files, last_sync, runs
    from generator.sync.restoring import name_of

    known = runs(state)
    name = last_sync(state) if run == "last" else run
    if name not in known:
        shown = ", ".join(f"`{each}`" for each in known[-5:])
        hint = f"the last ones are {shown}" if shown else f"there is none in {state / 'archive'}"
        raise Stop(f"no run `{run[:200]}` has kept anything", hint=hint, code=USAGE)
    # Writes go out in parallel, so that the order in which they were kept says nothing.
    return Kept(name, tuple(sorted((_read(path) for path in kept_files(state, name)), key=name_of)))


def put_back(kept: Kept, request: Request, agreement: Agreement) -> int:
    """Say what will change, ask, and do it."""
    from generator.cli import _judging
    from generator.cli._carrying import carried, new_run, show_outcomes
    from generator.cli._console import tell, width
    from generator.cli._planning import opened
    from generator.cli._target import described
    from generator.report.plan_text import plan_text
    from generator.sync.outcome import Outcomes

    workspace = _workspace(request.root)
    with opened(request) as (target, client):
        _refuse_others(kept.found, workspace, described(target))
        plan = _plan(kept.found, client, workspace, target)
        tell(plan_text(plan, target=described(target), width=width(), style=_judging.style()).rstrip("\n"))
        if not plan.changes:
            _show_nothing(kept, plan, agreement.output)
            return PROBLEM if plan.obstacles else OK
        _agree(plan, agreement, described(target))
        outcomes = carried(plan, client, new_run(request.state, kept.run))
        told = Outcomes((*_refused(kept, plan), *outcomes.outcomes)) if agreement.output == "json" else outcomes
        show_outcomes(told, agreement.output)
    if outcomes.were_interrupted:
        return INTERRUPTED
    return OK if outcomes.are_as_planned and not plan.obstacles else PROBLEM


def _show_nothing(kept: Kept, plan: Plan, output: str) -> None:
    from generator.cli._carrying import show_outcomes
    from generator.cli._console import show
    from generator.sync.outcome import Outcomes

    if output == "json":
        show_outcomes(Outcomes(tuple(_refused(kept, plan))), output)
    else:
        show(f"nothing to put back: {plan.unchanged:,} as they were")


def _refused(kept: Kept, plan: Plan) -> Iterator[Outcome]:
    """What is left alone, as outcomes: of a text the plan has told it."""
    from generator.plan.model import Action
    from generator.sync.outcome import Outcome, Status
    from generator.sync.restoring import REFUSED

    archived = {each.id: each for each in kept.found}
    for each in plan.obstacles:
        if each.rule == REFUSED and each.id is not None:
            of = archived[each.id]
            action = Action.CREATE if of.written is None else Action.UPDATE
            yield Outcome(each.tracking_id, of.resource, action, Status.HELD, of.id, each.message)


def _read(file: Path) -> Archived:
    from generator.report.visible import visible
    from generator.sync.archive import Unreadable, restore

    try:
        return restore(file)
    except Unreadable as error:
        raise Stop(visible(str(error)), hint="give a file of .toban/archive/RUN/", code=USAGE) from error


def _workspace(root: Path) -> str:
    from generator.render.project import ORGANIZATION, load_project
    from generator.source.reader import read_folder

    project, findings = load_project(read_folder(root))
    if project is None:
        reason = findings[0].message if findings else "it cannot be read"
        raise Stop(f"`{ORGANIZATION}` does not say whose archive this is: {reason}", hint="mend it first", code=USAGE)
    return project.organization.workspace


def _refuse_others(found: Sequence[Archived], workspace: str, target: str) -> None:
    """What was kept of another Datadog, or by another workspace, says nothing about this one."""
    from generator.report.visible import visible

    for each in found:
        if each.workspace != workspace:
            raise Stop(
                f"this was kept by workspace {each.workspace[:100]!a}, and this is `{workspace}`",
                hint="restore it from a checkout of that workspace",
                code=USAGE,
            )
        if each.target != target:
            raise Stop(
                f"this was kept of {visible(each.target[:200]) or 'nobody knows which Datadog'}, not of {target}",
                hint="give the target that the run was for: --api-url, DD_SITE or --local",
                code=USAGE,
            )


def _plan(found: Sequence[Archived], client: Datadog, workspace: str, target: Target) -> Plan:
    from generator.cli._target import described
    from generator.resources.types import resource_types
    from generator.sync.dead_references import referred_types, with_dead_references
    from generator.sync.restoring import restoring_plan, unlike_organisations

    names = [name for name in resource_types() if any(each.resource == name for each in found)]
    ids = {each.id for each in found}
    live = {name: client.live(resource_types()[name], wanted_ids=ids) for name in names}
    if (unlike := unlike_organisations(found, live)) is not None:
        raise Stop(
            f"this was kept of the organisation {unlike[0]}, and the keys are of {unlike[1]}",
            hint="use the keys that the run was made with",
            code=USAGE,
        )
    plan = restoring_plan(found, live, workspace=workspace, target=described(target))
    kinds = [resource_types()[name] for name in sorted(referred_types(plan))]
    live_ids = {kind.name: {str(row["id"]) for row in live.get(kind.name) or client.rows(kind)} for kind in kinds}
    return with_dead_references(plan, live_ids)


def _agree(plan: Plan, agreement: Agreement, target: str) -> None:
    """What is live now is overwritten, so that a yes needs the digest of what was shown."""
    from generator.cli._console import somebody_is_there, tell

    tell(f"digest {plan.digest}")
    if agreement.digest is not None and agreement.digest != plan.digest:
        hint = "what is live has changed since you looked; look again, then expect the digest above"
        raise Stop(f"nothing was changed: {agreement.digest[:100]!a} was expected", hint=hint)
    if agreement.yes and agreement.digest is not None:
        return
    if agreement.yes or not somebody_is_there():
        hint = f"look at the changes above, then add: --yes --expect {plan.digest}"
        raise Stop("nothing was changed: nobody has agreed to these changes", hint=hint, code=USAGE)
    count = len(plan.changes)
    click.confirm(f"Put {'it' if count == 1 else f'these {count:,}'} back into {target}?", abort=True, err=True)
