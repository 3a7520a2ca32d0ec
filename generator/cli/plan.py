"""`toban plan`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from generator.cli._exits import OK, PENDING, PROBLEM, USAGE, Stop
from generator.cli._options import (
    asking_option,
    drift_options,
    format_option,
    plan_options,
    probe_option,
    project_options,
    ref_option,
    target_options,
)


@click.command("plan")
@project_options
@target_options
@plan_options
@drift_options
@click.option("--base", metavar="REV", help="Compare with a git revision instead of with Datadog; needs no keys.")
@click.option(
    "--compare", nargs=2, metavar="ENVIRONMENT ENVIRONMENT", help="Compare two environments with each other instead."
)
@click.option(
    "--history", multiple=True, type=click.Path(path_type=Path), metavar="FILE",
    help="With --base: back-test what changes over points in CSV, Parquet or JSON; may be given again.",
)  # fmt: skip
@ref_option
@asking_option
@probe_option
@format_option("text", "markdown", "json", "sarif", "github", "junit")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the plan to a file for `toban sync FILE`."
)
@click.option("--limit", type=click.IntRange(1), default=200, show_default=True, help="Show at most this many changes.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 where there are changes to make.")
def command(*, output: str, limit: int, detailed_exitcode: bool, **values: Any) -> int:
    """Show what a sync would change, and change nothing.

    Exits with 1 where a finding or an obstacle would stop the sync.
    """
    if values["compare"] is not None:
        return _compare(output, limit, detailed_exitcode=detailed_exitcode, **values)
    if values["history"] and values["base"] is None:
        raise Stop("`--history` back-tests what `--base` compares", hint="give both", code=USAGE)
    if values["base"] is not None:
        from generator.cli import _review_output, _reviewing

        review = _reviewing.review(_reviewing.request_of(values))
        _review_output.show_review(review, output, limit=limit, base=values["base"], root=values["root"])
        return review.exit_code(detailed=detailed_exitcode)
    return _plan(output, limit, detailed_exitcode=detailed_exitcode, **values)


def _compare(output: str, limit: int, *, detailed_exitcode: bool, **values: Any) -> int:
    from generator.cli import _judging, _review_output, _reviewing

    _review_output.refuse_format(output)
    names = values["compare"]
    comparison, found = _reviewing.environments_compared(values)
    if found.has_errors:
        _judging.tell_findings(found)
    _review_output.show_environments(comparison, names, output, limit=limit, has_errors=found.has_errors)
    if found.has_errors:
        return PROBLEM
    return PENDING if detailed_exitcode and comparison.differences else OK


def _plan(output: str, limit: int, *, detailed_exitcode: bool, **values: Any) -> int:
    from generator.cli import _judging, _plan_output, _planning

    _plan_output.refuse_format(output)
    request = _planning.request_of(values)
    with _planning.opened(request) as (target, client):
        made = _planning.make_plan(request, target, client)
    _judging.tell_findings(made.found)
    _plan_output.show_plan(made, output, limit=limit)
    if out := values["out"]:
        from generator.cli._files import write_file
        from generator.plan.planfile import encoded

        write_file(out, encoded(made.plan))
    if made.found.has_errors or any(each.blocks for each in made.plan.obstacles):
        return PROBLEM
    is_pending = made.plan.changes or any(each.is_conflict for each in made.plan.drift)
    return PENDING if detailed_exitcode and is_pending else OK
