"""`toban lint`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli._options import format_option, project_options


@click.command("lint")
@project_options
@format_option("text", "json", "github")
def command(root: Path, only: tuple[str, ...], paths: tuple[Path, ...], *, no_cache: bool, output: str) -> int:
    """Tell what is wrong with the YAML, before Datadog is asked.

    Exits with 1 where a finding is an error.
    """
    from generator.cli import _judging
    from generator.cli._collector import collector_off
    from generator.cli._console import show
    from generator.report.findings_github import findings_github
    from generator.report.findings_json import findings_json

    with collector_off():
        found = _judging.judged(root, only=only, paths=paths, no_cache=no_cache)
    reports = {
        "text": lambda: _judging.findings_for_people(found),
        "json": lambda: findings_json(found.findings),
        "github": lambda: findings_github(found.findings),
    }
    show(reports[output]().rstrip("\n"))
    return int(found.has_errors)
