"""Puts archived resources back: one file, or all that a run has overwritten or deleted."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli._exits import OK, PROBLEM, USAGE, Stop

if TYPE_CHECKING:
    from generator.cli._planning import Request
    from generator.datadog.client import Datadog
    from generator.sync.archive import Archived
    from generator.sync.outcome import Outcome

_MOST_LINES = 20


def read_file(file: Path) -> Archived:
    from generator.sync.archive import Unreadable, restore

    try:
        return restore(file)
    except Unreadable as error:
        raise Stop(str(error), hint="give a file of .toban/archive/RUN/", code=USAGE) from error


def read_run(state: Path, run: str) -> tuple[Archived, ...]:
    """All that a run has kept, by name; `last` is the latest run that has kept anything."""
    from generator.sync.archive import kept_files, runs
    from generator.sync.restoring import name_of

    known = runs(state)
    name = known[-1] if run == "last" and known else run
    if name not in known:
        shown = ", ".join(f"`{each}`" for each in known[-5:])
        hint = f"the last ones are {shown}" if shown else f"there is none in {state / 'archive'}"
        raise Stop(f"no run `{run}` has kept anything", hint=hint, code=USAGE)
    # Writes go out in parallel, so that the order in which they were kept says nothing.
    return tuple(sorted((read_file(path) for path in kept_files(state, name)), key=name_of))


def put_back(found: Sequence[Archived], request: Request, *, yes: bool) -> int:
    """Say what will happen, ask, and do it."""
    from generator.cli._console import show, tell
    from generator.cli._planning import opened
    from generator.cli._target import described
    from generator.report.outcomes_text import outcome_line
    from generator.sync.restoring import forecast

    with opened(request) as (target, client):
        lines = [forecast(each, client) for each in found]
        tell(
            "\n".join(
                [*lines[:_MOST_LINES], *([f"… and {len(lines) - _MOST_LINES:,} more"] if lines[_MOST_LINES:] else [])]
            )
        )
        if not yes:
            _ask(len(found), described(target))
        outcomes = _all_restored(found, request, client)
    for outcome in outcomes:
        show(outcome_line(outcome))
    return OK if all(outcome.is_as_planned for outcome in outcomes) else PROBLEM


def _ask(count: int, target: str) -> None:
    from generator.cli._console import somebody_is_there

    if not somebody_is_there():
        raise Stop("nothing was changed: nobody is here to agree", hint="give --yes", code=USAGE)
    what = "it" if count == 1 else f"these {count:,}"
    click.confirm(f"Put {what} back into {target}?", abort=True, err=True)


def _all_restored(found: Sequence[Archived], request: Request, client: Datadog) -> tuple[Outcome, ...]:
    from generator.sync.archive import Archive
    from generator.sync.journal import run_name
    from generator.sync.lock import Locked, exclusive
    from generator.sync.restoring import all_restored

    archive = Archive(request.state, run_name(datetime.now(UTC), os.getpid()))
    try:
        with exclusive(request.state):
            return all_restored(found, client, archive=archive)
    except Locked as error:
        raise Stop(f"nothing was changed: {error}") from error
