"""`toban sync`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from generator.cli._exits import INTERRUPTED, OK, PROBLEM, USAGE, Stop
from generator.cli._options import (
    asking_option,
    drift_options,
    format_option,
    plan_options,
    ref_option,
    target_options,
    within_option,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.cli._planning import Planned, Request
    from generator.datadog.client import Datadog
    from generator.datadog.target import Target
    from generator.plan.model import Plan
    from generator.sync.outcome import Outcome

_FOR_RESTORE = frozenset(("root", "api_url", "local", "within", "output", "yes", "restore", "expect"))


@click.command("sync")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path(), show_default=".")
@click.option("--only", multiple=True, metavar="service:NAME", help="Only this service; may be given again.")
@click.option("--no-cache", is_flag=True, help="Render everything anew.")
@target_options
@plan_options
@drift_options
@ref_option
@within_option
@asking_option
@format_option("text", "json")
@click.option(
    "--push-applied", is_flag=True, help="Push to origin what is applied then, for the next sync to know drift."
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--restore", metavar="RUN", help="Put back what a run has overwritten or deleted; `last` is the last.")
@click.option(
    "--expect", metavar="DIGEST", help="Carry out nothing but this reviewed plan (its digest) or content (the desired)."
)
def command(
    file: Path | None, expect: str | None, output: str, restore: str | None, *, yes: bool, **values: Any
) -> int:
    """Plan, show, ask and carry out; with FILE, carry out what that plan has shown and nothing else.

    A run that was cut off can be run again: what is done counts as done.
    """
    from generator.cli import _planning

    request = _planning.request_of({**values, "paths": ()})
    if restore is not None:
        return _put_back(restore, request, expect=expect, output=output, yes=yes)
    with _planning.opened(request) as (target, client):
        if file is not None:
            return _sync_file(file, request, target, client, expect=expect, output=output)
        return _sync(request, target, client, expect=expect, output=output, yes=yes)


def _put_back(run: str, request: Request, *, expect: str | None, output: str, yes: bool) -> int:
    from generator.cli._restoring import Agreement, put_back, read_run

    if strange := _not_for_restore(click.get_current_context()):
        hint = f"leave {', '.join(strange)} out: it means nothing here"
        raise Stop("`--restore` puts back what was, and plans nothing", hint=hint, code=USAGE)
    return put_back(read_run(request.state, run), request, Agreement(yes, expect, output))


def _not_for_restore(context: click.Context) -> list[str]:
    """The options that were given and have no meaning there, as they are written; FILE for a plan."""
    given = (each for each in context.command.params if each.name not in _FOR_RESTORE and _is_given(context, each))
    return [each.opts[0] if isinstance(each, click.Option) else "FILE" for each in given]


def _is_given(context: click.Context, parameter: click.Parameter) -> bool:
    return context.get_parameter_source(parameter.name or "") is not ParameterSource.DEFAULT


def _sync_file(  # noqa: PLR0913 - what was asked for
    file: Path, request: Request, target: Target, client: Datadog, *, expect: str | None, output: str
) -> int:
    from generator.cli import _judging, _plan_file, _planning

    plan = _plan_file.read_plan(file, target)
    _refuse_unexpected(plan, expect)
    request = _plan_file.request_like(plan, request)
    made = _planning.make_plan(request, target, client)
    _plan_file.refuse_other_content(plan, made)
    if made.found.has_errors:
        _judging.tell_findings(made.found)
    _refuse_problems(made)
    found = _plan_file.held_against(plan, made, client, request.state)
    return _carry_out(made, client, request, held=found.held, settled=found.settled, output=output)


def _refuse_unexpected(plan: Plan, expect: str | None) -> None:
    if expect not in (None, plan.digest, plan.desired_digest):
        hint = "review this FILE, then expect its digest; or give the FILE that was reviewed"
        raise Stop(f"nothing was changed: {str(expect)[:100]!a} was expected, which is no digest of FILE", hint=hint)


def _sync(  # noqa: PLR0913 - what was asked for
    request: Request, target: Target, client: Datadog, *, expect: str | None, output: str, yes: bool
) -> int:
    from generator.cli import _agreeing, _edits, _judging, _planning
    from generator.cli._console import tell, width
    from generator.cli._target import described
    from generator.report.plan_text import plan_text

    made = _planning.make_plan(request, target, client)
    _judging.tell_findings(made.found)
    tell(plan_text(made.plan, target=described(target), width=width(), style=_judging.style()).rstrip("\n"))
    _refuse_problems(made)
    review = _agreeing.reviewed(made.plan, expect)
    held: Mapping[int, str] = {}
    if made.plan.changes:
        review = _agreeing.agreed(made.plan, review, yes=yes)
        held = _edits.unshown_edits(made, request, review)
    return _carry_out(made, client, request, held=held, settled=(), output=output)


def _refuse_problems(made: Planned) -> None:
    """What the plan itself says against it, whatever was reviewed."""
    if made.found.has_errors:
        raise Stop("nothing was changed, because of the errors above", hint="mend them, then sync again")
    blocking = [each for each in made.plan.obstacles if each.blocks]
    if blocking:
        first = blocking[0]
        more = f" (and {len(blocking) - 1} more)" if len(blocking) > 1 else ""
        raise Stop(f"nothing was changed: {first.message}{more}", hint=first.hint)


def _carry_out(  # noqa: PLR0913 - what a sync is made of
    made: Planned,
    client: Datadog,
    request: Request,
    *,
    held: Mapping[int, str],
    settled: tuple[Outcome, ...],
    output: str,
) -> int:
    from generator.cli import _carrying, _recording
    from generator.sync.outcome import Outcomes

    # The record is older than the journal of its own run, which so explains what got no answer and took effect.
    begun = _carrying.new_run(request.state).name
    settled = (*settled, *_carrying.conflicts(made.plan))
    for each in settled:
        _carrying.tell_outcome(each)
    outcomes = Outcomes(settled)
    if made.plan.changes:
        outcomes = Outcomes((*settled, *_carrying.carried_out(made, client, request, held).outcomes))
    if outcomes.outcomes or output == "json":
        _carrying.show_outcomes(outcomes, output)
    if outcomes.are_as_planned:
        _carrying.remember_count(request, made)
    is_known = _recording.remember_applied(made, request, outcomes, begun)
    if outcomes.were_interrupted:
        return INTERRUPTED
    return OK if outcomes.are_as_planned and is_known else PROBLEM
