"""`toban sync`."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli._exits import INTERRUPTED, OK, PROBLEM, USAGE, Stop
from generator.cli._options import (
    asking_option,
    format_option,
    plan_options,
    ref_option,
    target_options,
    within_option,
)

if TYPE_CHECKING:
    from generator.cli._planning import Request
    from generator.datadog.client import Datadog
    from generator.datadog.target import Target
    from generator.plan.model import Plan
    from generator.sync.journal import Intent
    from generator.sync.outcome import Outcome, Outcomes

PLAN_OPTIONS = ("only", "prune", "accept_live_loss", "replace", "take_over")
"""What a plan is made with, and a plan file has in it already."""
_TYPED = 8
FEW_CHANGES = 20
"""So many lines are read; more are a bar."""


@click.command("sync")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path(), show_default=".")
@click.option("--only", multiple=True, metavar="service:NAME", help="Only this service; may be given again.")
@click.option("--no-cache", is_flag=True, help="Render everything anew.")
@target_options
@plan_options
@ref_option
@within_option
@asking_option
@format_option("text", "json")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--restore", metavar="RUN", help="Put back what a run has overwritten or deleted; `last` is the last.")
@click.option("--expect", metavar="DESIRED_DIGEST", help="Refuse to carry out any other than this reviewed content.")
def command(
    file: Path | None, expect: str | None, output: str, restore: str | None, *, yes: bool, **values: Any
) -> int:
    """Plan, show, ask and carry out; with FILE, carry out exactly that plan.

    A run that was cut off can be run again: what is done counts as done.
    """
    from generator.cli import _planning
    from generator.sync.outcome import Outcomes

    request = _planning.request_of({**values, "paths": ()})
    if restore is not None:
        return _put_back(restore, request, file=file, expect=expect, yes=yes)
    with _planning.opened(request) as (target, client):
        plan = _read_plan(file, request, target, client) if file else _new_plan(request, target, client)
        _expect(plan, expect)
        if not plan.changes:
            _remember(request, target, plan)
            if output == "json":
                _show_outcomes(Outcomes(()), output)
            return OK
        if not (file or expect):
            _refuse_unreviewed(plan, yes=yes)
        if not (yes or file):
            _ask(plan)
        outcomes = _carry_out(request, client, plan)
        _show_outcomes(outcomes, output)
        if outcomes.are_as_planned:
            _remember(request, target, plan)
    if outcomes.were_interrupted:
        return INTERRUPTED
    return OK if outcomes.are_as_planned else PROBLEM


def _put_back(run: str, request: Request, *, file: Path | None, expect: str | None, yes: bool) -> int:
    from generator.cli._restoring import Agreement, put_back, read_run

    if file or any(getattr(request, name) for name in (*PLAN_OPTIONS, "ref")):
        hint = "give --restore RUN without a plan and its options"
        raise Stop("`--restore` puts back what was, and plans nothing", hint=hint, code=USAGE)
    return put_back(read_run(request.state, run), request, Agreement(yes, expect))


def _read_plan(file: Path, request: Request, target: Target, client: Datadog) -> Plan:
    from generator.cli._plan_file import refuse_other_content
    from generator.cli._target import described
    from generator.plan.planfile import UnusablePlan, decoded

    given = [f"--{name.replace('_', '-')}" for name in PLAN_OPTIONS if getattr(request, name)]
    if given:
        hint = "give them to `toban plan --out FILE`"
        raise Stop(
            f"a plan FILE is carried out as it is, so {', '.join(given)} would do nothing", hint=hint, code=USAGE
        )

    try:
        plan = decoded(file.read_text(encoding="utf-8"))
    except (UnusablePlan, UnicodeDecodeError) as error:
        raise Stop(
            f"`{file}` is no plan that can be carried out: {error}",
            hint="make a new one: toban plan --out FILE",
            code=USAGE,
        ) from error
    if plan.target != described(target):
        hint = f"make one there: toban plan --out {file}"
        raise Stop(f"`{file}` was made for {plan.target}, not for {described(target)}", hint=hint, code=USAGE)
    refuse_other_content(plan, request, client)
    _refuse_obstacles(plan)
    return plan


def _new_plan(request: Request, target: Target, client: Datadog) -> Plan:
    from generator.cli import _judging, _planning
    from generator.cli._console import tell, width
    from generator.cli._target import described
    from generator.report.plan_text import plan_text

    made = _planning.make_plan(request, target, client)
    _judging.tell_findings(made.found)
    tell(plan_text(made.plan, target=described(target), width=width(), style=_judging.style()).rstrip("\n"))
    if made.found.has_errors:
        raise Stop("nothing was changed, because of the errors above", hint="mend them, then sync again")
    _refuse_obstacles(made.plan)
    return made.plan


def _refuse_obstacles(plan: Plan) -> None:
    blocking = [each for each in plan.obstacles if each.blocks]
    if blocking:
        first = blocking[0]
        more = f" (and {len(blocking) - 1} more)" if len(blocking) > 1 else ""
        raise Stop(f"nothing was changed: {first.message}{more}", hint=first.hint)


def _expect(plan: Plan, expect: str | None) -> None:
    if expect and expect != plan.desired_digest:
        raise Stop(
            f"nothing was changed: the content is {plan.desired_digest}, but {expect} was expected",
            hint="what was reviewed is not what is here; review the new plan, then expect its digest",
        )


def _refuse_unreviewed(plan: Plan, *, yes: bool) -> None:
    """What may do harm needs a digest: that of a plan FILE, of `--expect`, or one that a person here types."""
    from generator.cli._console import somebody_is_there

    unreviewed = [each for each in plan.obstacles if each.needs_review]
    if not unreviewed:
        return
    if yes or not somebody_is_there():
        more = f" (and {len(unreviewed) - 1} more)" if len(unreviewed) > 1 else ""
        hint = (
            "review it: `toban plan --out FILE`, then `toban sync FILE`; "
            f"or add `--expect {plan.desired_digest}` where that is what was reviewed"
        )
        raise Stop(f"nothing was changed, for want of a review: {unreviewed[0].message}{more}", hint=hint)
    beginning = plan.desired_digest[:_TYPED]
    typed = click.prompt(f"This needs a review; type the first {_TYPED} characters of the desired digest", err=True)
    if typed.strip() != beginning:
        raise Stop(f"nothing was changed: the digest begins with {beginning}")


def _ask(plan: Plan) -> None:
    from generator.cli._console import somebody_is_there

    if not somebody_is_there():
        raise Stop(
            "nothing was changed: nobody is here to agree", hint="give --yes, or a reviewed plan FILE", code=USAGE
        )
    click.confirm(f"Carry out {len(plan.changes)} changes?", abort=True, err=True)


def _carry_out(request: Request, client: Datadog, plan: Plan) -> Outcomes:
    from generator.sync.journal import run_name
    from generator.sync.lock import Locked
    from generator.sync.run import Run, carry_out

    run = Run(run_name(datetime.now(UTC), os.getpid()), request.state)
    try:
        with _progress(len(plan.changes)) as progress:
            return carry_out(plan, client, run, progress=progress, tell_open=_tell_left_open)
    except Locked as error:
        raise Stop(f"nothing was changed: {error}") from error


def _tell_left_open(intents: Sequence[Intent]) -> None:
    """What no run has seen the end of; this plan was made after it and knows what is live."""
    from generator.cli._console import tell

    if intents:
        names = ", ".join(f"`{each.tracking_id}`" for each in intents[:5])
        more = f" and {len(intents) - 5} more" if len(intents) > 5 else ""
        tell(f"an earlier run was cut off while it wrote {names}{more}; each is looked at again")


@contextmanager
def _progress(length: int) -> Iterator[Callable[[Outcome], None]]:
    """A bar at a terminal, with a line for what was not done as planned; elsewhere a line for each change."""
    from generator.cli._console import tell
    from generator.report.outcomes_text import outcome_line

    if not sys.stderr.isatty() or length < FEW_CHANGES:
        yield lambda outcome: tell(outcome_line(outcome))
        return
    begun = time.monotonic()

    def rate(done: int | None) -> str:
        return f"{done / max(time.monotonic() - begun, 0.1):.0f}/s" if done else ""

    with click.progressbar(length=length, file=sys.stderr, label="sync", show_pos=True, item_show_func=rate) as bar:

        def advance(outcome: Outcome) -> None:
            if not outcome.is_as_planned:
                tell(f"\r\x1b[K{outcome_line(outcome)}")
            bar.update(1, bar.pos + 1)

        yield advance


def _show_outcomes(outcomes: Outcomes, output: str) -> None:
    from generator.cli._console import show
    from generator.report.outcomes_json import outcomes_json
    from generator.report.outcomes_text import outcomes_summary

    show((outcomes_json(outcomes) if output == "json" else outcomes_summary(outcomes)).rstrip("\n"))


def _remember(request: Request, target: Target, plan: Plan) -> None:
    from generator.cli._target import described
    from generator.plan.model import summary
    from generator.sync.last_count import remember

    if not plan.only:
        counts = summary(plan)
        remember(request.state, described(target), plan.workspace, sum(counts.values()) - counts["delete"])
