"""`toban restore`."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli._exits import OK, PROBLEM, USAGE, Stop
from generator.cli._options import target_options

if TYPE_CHECKING:
    from generator.cli._planning import Request
    from generator.datadog.client import Datadog
    from generator.sync.archive import Archived
    from generator.sync.outcome import Outcome


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path(), show_default=".")
@target_options
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(file: Path, root: Path, api_url: str | None, *, local: bool, yes: bool) -> int:
    """Put back what a sync has overwritten or deleted; FILE is in .toban/archive/.

    The next sync changes it again, unless the YAML says the same.
    """
    from generator.cli._console import show
    from generator.cli._planning import Request, opened
    from generator.cli._target import described
    from generator.report.outcomes_text import outcome_line

    archived = _read(file)
    request = Request(root=root, api_url=api_url, local=local)
    with opened(request) as (target, client):
        if not yes:
            _ask(archived, described(target))
        outcome = _restored(archived, request, client)
    show(outcome_line(outcome))
    return OK if outcome.is_as_planned else PROBLEM


def _read(file: Path) -> Archived:
    from generator.sync.archive import Unreadable, restore

    try:
        return restore(file)
    except Unreadable as error:
        raise Stop(str(error), hint="give a file of .toban/archive/RUN/", code=USAGE) from error


def _ask(archived: Archived, target: str) -> None:
    from generator.cli._console import somebody_is_there
    from generator.sync.restoring import name_of

    if not somebody_is_there():
        raise Stop("nothing was changed: nobody is here to agree", hint="give --yes", code=USAGE)
    question = f"Put {archived.resource} {archived.id}, `{name_of(archived)}`, back into {target}?"
    click.confirm(question, abort=True, err=True)


def _restored(archived: Archived, request: Request, client: Datadog) -> Outcome:
    from generator.sync.archive import Archive
    from generator.sync.journal import run_name
    from generator.sync.lock import Locked, exclusive
    from generator.sync.restoring import restored

    archive = Archive(request.state, run_name(datetime.now(UTC), os.getpid()))
    try:
        with exclusive(request.state):
            return restored(archived, client, archive=archive)
    except Locked as error:
        raise Stop(f"nothing was changed: {error}") from error
