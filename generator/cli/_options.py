"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

WITHIN_MINUTES = 30
Command = TypeVar("Command", bound=Callable[..., Any])


def project_options(command: Command) -> Command:
    """Which project files, and which part of them."""
    for option in (
        click.option(
            "--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path(), show_default=".",
            help="Folder with monitors/ and dashboards/.",
        ),
        click.option("--only", multiple=True, metavar="service:NAME", help="Only this service; may be given again."),
        click.option("--no-cache", is_flag=True, help="Render everything anew."),
        click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]..."),
    ):  # fmt: skip
        command = option(command)
    return command


def setting_options(command: Command) -> Command:
    """What Datadog's documentation leaves open about monitors."""
    for option in (
        click.option(
            "--setting", "chosen", multiple=True, metavar="NAME=VALUE",
            help="Choose what Datadog does not document, by the names of docs/simulation.md; may be given again.",
        ),
        click.option("--sensitivity", is_flag=True, help="Say what depends on what Datadog does not document."),
    ):  # fmt: skip
        command = option(command)
    return command


def target_options(command: Command) -> Command:
    """Which Datadog."""
    for option in (
        click.option("--api-url", metavar="URL", help="Address of Datadog's API, or of a local Datadog."),
        click.option("--local", is_flag=True, help="The embedded local Datadog; its state is in .toban/."),
    ):
        command = option(command)
    return command


def asking_option(command: Command) -> Command:
    """How much Datadog is asked about what would change."""
    return click.option(
        "--ask-at-most", "at_most", type=click.IntRange(0), default=100, show_default=True, metavar="N",
        help="Ask Datadog about at most so many monitors that would change, and as many metrics; 0 asks nothing.",
    )(command)  # fmt: skip


def probe_option(command: Command) -> Command:
    return click.option(
        "--probe", is_flag=True, help="Look whether what changed monitors watch had a point in the last 30 days."
    )(command)


def plan_options(command: Command) -> Command:
    """What a plan may hold."""
    for option in (
        click.option("--prune", is_flag=True, help="Delete what is ours and no longer in the YAML."),
        click.option(
            "--accept-live-loss", is_flag=True, help="Create again what Datadog has lost since the last sync."
        ),
        click.option("--replace", is_flag=True, help="Take an equal name for a replacement, not for a rename."),
        click.option("--take-over", is_flag=True, help="Adopt also what another tool marks as its own."),
    ):
        command = option(command)
    return command


def _words(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """A form on GitHub has one field, which may be empty."""
    return tuple(word for each in given for word in each.split())


def drift_options(command: Command) -> Command:
    """What a plan does with live differences that git does not explain."""
    for option in (
        click.option(
            "--revert-drift", multiple=True, metavar="ID", callback=_words,
            help="Take back what somebody did to this resource in Datadog; several with spaces, or given again.",
        ),
        fetch_option,
    ):  # fmt: skip
        command = option(command)
    return command


def fetch_option(command: Command) -> Command:
    return click.option(
        "--fetch-applied", is_flag=True, help="Fetch from origin what was last applied, before looking for drift."
    )(command)


def within_option(command: Command) -> Command:
    return click.option(
        "--within", type=click.IntRange(1, 1440), default=WITHIN_MINUTES, show_default=True, metavar="MINUTES",
        help="Send nothing more after so many minutes; run again to go on.",
    )(command)  # fmt: skip


def ref_option(command: Command) -> Command:
    return click.option(
        "--ref", metavar="REV", help="Render the project as it is at a git revision instead of in the folder."
    )(command)


def format_option(*formats: str) -> Callable[[Command], Command]:
    return click.option(
        "--format", "output", type=click.Choice(formats), default=formats[0], show_default=True, help="Output."
    )
