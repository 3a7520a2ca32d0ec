"""`toban explain`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli._exits import USAGE, Stop

if TYPE_CHECKING:
    from datetime import date, datetime

    from generator.render.explanation import Explanation
    from generator.render.model import Resource

_MOST_HOLIDAYS = 3


@click.command("explain")
@click.argument("name")
@click.option(
    "--from",
    "since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Show the next public holidays from this day on too, and when alerts come on them.",
)
@click.option("--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path(), show_default=".")
def command(name: str, since: datetime | None, root: Path) -> int:
    """Say in words what a monitor does, and which layer of the YAML set each field.

    NAME is a tracking id or its end, such as usage-dashboard/api-cpu/production or api-cpu.
    """
    from generator.cli import _judging
    from generator.cli._console import show
    from generator.cli._project import load
    from generator.render.explanation import explained
    from generator.report.explanation_text import explanation_text

    files, rendering = load(root, no_cache=False)
    for resource in _named(name, rendering.resources):
        explanation = explained(resource, files)
        days = _free_days(explanation, since.date()) if since else {}
        show(explanation_text(explanation, days=days, style=_judging.style()))
    return 0


def _free_days(explanation: Explanation, since: date) -> dict[date, str]:
    """The next public holidays that are business days otherwise."""
    from generator.schedule.public_holidays import UnknownCountry, public_holidays

    if not explanation.holidays:
        hint = "add `holidays: JP` to `business_hours` in monitors/organization.yaml"
        raise Stop("`--from` shows public holidays, and no country of them is named", hint=hint, code=USAGE)
    found = public_holidays(explanation.holidays, since=since)
    if isinstance(found, UnknownCountry):
        raise Stop(found.message, hint=found.hint, code=USAGE)
    days = explanation.business_days
    free = [each for each in found if not days or each.day.weekday() in days]
    return {each.day: each.name for each in free[:_MOST_HOLIDAYS]}


def _named(name: str, resources: Sequence[Resource]) -> tuple[Resource, ...]:
    """The resources whose tracking id is or holds the name, in whole parts; `NAME` finds `NAME.ELEMENT` too."""
    found = tuple(each for each in resources if any(f"/{name}{end}" in f"/{each.tracking_id}/" for end in "/."))
    if found:
        return found
    from generator.source.decode import nearest

    names = {part for each in resources for part in (each.tracking_id, each.tracking_id.split("/")[2])}
    meant = nearest(name, names)
    hint = f"did you mean `{meant}`?" if meant else "`toban render` lists all of them"
    raise Stop(f"nothing is called `{name}`", hint=hint, code=USAGE)
