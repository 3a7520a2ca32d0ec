"""`toban lint`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from generator.cli._exits import OK
from generator.cli._options import asking_option, format_option, probe_option, project_options, target_options

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("lint")
@project_options
@format_option("text", "json", "sarif", "github", "junit")
@click.option("--base", metavar="REV", help="Count only what is new since this git revision, or in what it changed.")
@click.option("--baseline", type=_FILE, help="Count only what this file does not hold.")
@click.option("--write-baseline", type=_FILE, help="Write what is found to this file, for --baseline.")
@click.option("--fix", is_flag=True, help="Mend what can be mended safely, then look again.")
@click.option("--diff", is_flag=True, help="With --fix: show what it would change, and change nothing.")
@click.option("--online", is_flag=True, help="Ask Datadog too about the monitors that a sync would change.")
@probe_option
@asking_option
@target_options
@click.option("--explain", metavar="RULE", help="Say what a rule finds, why that matters and how to mend it.")
def command(*, output: str, explain: str | None, **values: Any) -> int:
    """Tell what is wrong with the YAML, before Datadog is asked; with --online, also what Datadog says.

    Exits with 1 where a finding is an error.
    """
    from generator.cli import _fixing, _lint_output, _linting
    from generator.cli._collector import collector_off
    from generator.cli._console import show

    if explain is not None:
        show(_linting.explained(explain))
        return OK
    request = _linting.request_of(values)
    with collector_off():
        verdict = _linting.verdict(request)
        if values["diff"]:
            show(_fixing.diff(verdict))
            return int(verdict.has_errors)
        if values["fix"]:
            verdict = _fixing.mend(request.root, verdict, lambda: _linting.verdict(request))
    if request.write_baseline:
        _linting.write_baseline(request.write_baseline, verdict)
        return OK
    show(_lint_output.reported(verdict, output, request.root).rstrip("\n"))
    return int(verdict.has_errors)
