"""`toban drift`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from generator.cli._exits import OK, PENDING, PROBLEM
from generator.cli._options import fetch_option, format_option, project_options, ref_option, target_options

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.cli._planning import Planned
    from generator.plan.model import Obstacle

_LOOKS = ("prunable", "duplicate-live", "lost-tag", "held", "live-shrank")
"""What a plan tells of the live side beside its changes."""


@click.command("drift")
@project_options
@target_options
@ref_option
@fetch_option
@click.option("--write-yaml", is_flag=True, help="Change the project files where that keeps an edit and nothing else.")
@format_option("text", "markdown", "json")
@click.option("--limit", type=click.IntRange(1), default=200, show_default=True, help="Show at most this many.")
def command(*, output: str, limit: int, write_yaml: bool, **values: Any) -> int:
    """Show what somebody has changed in Datadog since the last sync, and change nothing there.

    Exits with 0 where there is no drift, with 2 where there is, and with 1 where that cannot be told of all.
    """
    from generator.cli import _drifting, _judging, _planning

    request = _drifting.request_of(values)
    with _planning.opened(request) as (target, client):
        made = _drifting.looked(request, target, client)
    _judging.tell_findings(made.found)
    looks = [each for each in made.plan.obstacles if each.rule in _LOOKS]
    keeping = _drifting.keeping(made)
    _show(made, looks, keeping.snippets, output, limit=limit)
    if write_yaml:
        _drifting.write_yaml(request, made, keeping)
    if made.found.has_errors:
        return PROBLEM
    return PENDING if made.plan.drift else OK


def _show(
    made: Planned, looks: Sequence[Obstacle], snippets: Mapping[str, Sequence[str]], output: str, *, limit: int
) -> None:
    from generator.cli import _judging
    from generator.cli._console import show, width
    from generator.cli._target import described

    target = described(made.target)
    if output == "json":
        from generator.report.drift_json import drift_json

        about = made.known.applied.about if made.known.applied else None
        applied = (about.run, about.revision) if about else None
        show(drift_json(made.plan, looks=looks, snippets=snippets, applied=applied).rstrip("\n"))
    elif output == "markdown":
        from generator.report.drift_markdown import drift_markdown

        show(drift_markdown(made.plan, target=target, looks=looks, snippets=snippets).rstrip("\n"))
    else:
        from generator.report.drift_text import drift_text
        from generator.report.plan_lines import obstacles_text

        style = _judging.style()
        lines = [f"Drift of {target}", ""]
        lines += obstacles_text(looks, limit=limit, width=width(), style=style)
        lines += drift_text(made.plan.drift, snippets=snippets, limit=limit, width=width(), style=style)
        show("\n".join(lines))
