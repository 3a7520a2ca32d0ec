"""`toban plan`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from generator.cli._exits import OK, PENDING, PROBLEM
from generator.cli._options import (
    asking_option,
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
@ref_option
@asking_option
@probe_option
@format_option("text", "markdown", "json")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the plan to a file for `toban sync FILE`."
)
@click.option("--limit", type=click.IntRange(1), default=200, show_default=True, help="Show at most this many changes.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 where there are changes to make.")
def command(output: str, out: Path | None, limit: int, *, detailed_exitcode: bool, **values: Any) -> int:
    """Show what a sync would change, and change nothing.

    Exits with 1 where a finding or an obstacle would stop the sync.
    """
    from generator.cli import _judging, _planning
    from generator.cli._console import show

    request = _planning.request_of(values)
    with _planning.opened(request) as (target, client):
        made = _planning.make_plan(request, target, client)
    _judging.tell_findings(made.found)
    show(_report(made, output, limit).rstrip("\n"))
    if out:
        from generator.cli._files import write_file
        from generator.plan.planfile import encoded

        write_file(out, encoded(made.plan))
    if made.found.has_errors or any(each.blocks for each in made.plan.obstacles):
        return PROBLEM
    return PENDING if detailed_exitcode and made.plan.changes else OK


def _report(made: Any, output: str, limit: int) -> str:
    from generator.cli import _judging
    from generator.cli._console import width
    from generator.cli._target import described

    if output == "json":
        from generator.report.plan_json import plan_json

        return plan_json(made.plan)
    if output == "markdown":
        from generator.report.plan_markdown import plan_markdown

        return plan_markdown(made.plan, target=described(made.target))
    from generator.report.plan_text import plan_text

    return plan_text(made.plan, target=described(made.target), limit=limit, width=width(), style=_judging.style())
