"""`toban explain`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("explain")
@click.argument("name")
@click.option("--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path(), show_default=".")
def command(name: str, root: Path) -> int:
    """Say in words what a monitor does, and which layer of the YAML set each field.

    NAME is a tracking id or its end, such as usage-dashboard/api-cpu/production or api-cpu.
    """
    from generator.cli import _judging
    from generator.cli._console import show, width
    from generator.cli._project import load
    from generator.render.explanation import explained
    from generator.report.explanation_text import explanation_text

    files, rendering = load(root, no_cache=False)
    for resource in _named(name, rendering.resources):
        show(explanation_text(explained(resource, files), width=width(), style=_judging.style()))
    return 0


def _named(name: str, resources):  # type: ignore[no-untyped-def]
    return resources
