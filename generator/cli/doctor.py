"""`toban doctor`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli._exits import OK, PROBLEM
from generator.cli._options import format_option, target_options


@click.command("doctor")
@click.option("--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path(), show_default=".")
@target_options
@click.option("--writes", is_flag=True, help="Ask too whether the keys may write, by updating what does not exist.")
@format_option("text", "json")
def command(root: Path, api_url: str | None, output: str, *, local: bool, writes: bool) -> int:
    """Say what is wrong with versions, configuration, git, keys, permissions and clock, and how to mend it.

    Changes nothing and shows no key. Exits with 1 where there is a problem.
    """
    from generator.cli._console import show
    from generator.cli._doctor_check import Status, checks_json, checks_text
    from generator.cli._doctor_datadog import datadog_checks
    from generator.cli._doctor_project import configuration_checks, git_checks, version_checks

    checks = (
        *version_checks(root),
        *configuration_checks(root),
        *git_checks(root),
        *datadog_checks(root, api_url, local=local, writes=writes),
    )
    show(checks_json(checks) if output == "json" else checks_text(checks))
    return PROBLEM if any(each.status is Status.PROBLEM for each in checks) else OK
