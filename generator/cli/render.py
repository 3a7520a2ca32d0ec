"""`toban render`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli._options import format_option, project_options


@click.command("render")
@project_options
@format_option("text", "json")
def command(root: Path, only: tuple[str, ...], paths: tuple[Path, ...], *, no_cache: bool, output: str) -> int:
    """Show what the YAML becomes: the payloads as they would be sent (json), or a line for each (text)."""
    from generator.cli import _judging
    from generator.cli._console import show
    from generator.cli._project import chosen_services, load, narrowed
    from generator.finding import is_error
    from generator.report.rendering_json import rendering_json
    from generator.report.rendering_text import rendering_text

    files, rendering = load(root, no_cache=no_cache)
    services = chosen_services(rendering, root, only=only, paths=paths)
    chosen = narrowed(rendering, services)
    _judging.tell_findings(_judging.Judged(files, rendering, chosen, services, chosen.findings))
    show((rendering_json if output == "json" else rendering_text)(chosen).rstrip("\n"))
    return int(any(is_error(finding) for finding in chosen.findings))
