"""`toban explain`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli._exits import USAGE, Stop

if TYPE_CHECKING:
    from generator.render.model import Resource


@click.command("explain")
@click.argument("name")
@click.option("--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path(), show_default=".")
def command(name: str, root: Path) -> int:
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
        show(explanation_text(explained(resource, files), style=_judging.style()))
    return 0


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
