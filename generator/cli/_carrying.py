"""Carries a plan out and tells what becomes of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from generator.cli._console import show, tell
from generator.cli._exits import Stop
from generator.cli._files import state_folder
from generator.cli._progress import bar
from generator.cli._target import described
from generator.plan.live_counts import counts_after
from generator.report.drift_words import conflict_words
from generator.report.outcomes_json import outcomes_json
from generator.report.outcomes_text import outcome_line, outcomes_summary
from generator.sync.executor import NOTHING_HELD
from generator.sync.journal import run_name
from generator.sync.last_count import remember
from generator.sync.lock import Locked
from generator.sync.outcome import Outcome, Status
from generator.sync.run import Run, carry_out

if TYPE_CHECKING:
    from generator.cli._planning import Planned, Request
    from generator.datadog.client import Datadog
    from generator.plan.model import Plan
    from generator.sync.journal import Intent
    from generator.sync.outcome import Outcomes
    from generator.sync.uses import Uses

FEW_CHANGES = 20
"""So many lines are read; more are a bar."""


def carried_out(made: Planned, client: Datadog, request: Request, held: Mapping[int, str]) -> Outcomes:
    """Carry out what a sync has planned."""
    return carried(made.plan, client, new_run(request.state), held=held, uses=made.uses)


def new_run(state: Path, restores: str = "") -> Run:
    """A run of this moment; `restores` names the one that it puts back."""
    return Run(run_name(datetime.now(UTC), os.getpid()), state, restores)


def carried(
    plan: Plan, client: Datadog, run: Run, *, held: Mapping[int, str] = NOTHING_HELD, uses: Uses | None = None
) -> Outcomes:
    """Name the run first: it is what `--restore` asks for, also after a crash."""
    tell(f"run {run.name}")
    state_folder(run.state.parent)
    try:
        with _progress(len(plan.changes)) as progress:
            outcomes = carry_out(plan, client, run, progress=progress, tell_open=_tell_left_open, held=held, uses=uses)
    except Locked as error:
        raise Stop(f"nothing was changed: {error}") from error
    if run.has_kept():
        tell(f"run {run.name}: `toban sync --restore {run.name}` puts back what it overwrote or deleted")
    return outcomes


def _tell_left_open(intents: Sequence[Intent]) -> None:
    """What no run has seen the end of; this plan was made after it and knows what is live."""
    if intents:
        names = ", ".join(f"`{each.tracking_id}`" for each in intents[:5])
        more = f" and {len(intents) - 5} more" if len(intents) > 5 else ""
        tell(f"an earlier run was cut off while it wrote {names}{more}, or got no answer; each is looked at again")


@contextmanager
def _progress(length: int) -> Iterator[Callable[[Outcome], None]]:
    """A bar at a terminal, with a line for what was not done as planned; elsewhere a line for each change."""
    if not sys.stderr.isatty() or length < FEW_CHANGES:
        yield tell_outcome
        return
    with bar(length, "sync") as advance:

        def shown(outcome: Outcome) -> None:
            if not outcome.is_as_planned:
                tell(f"\r\x1b[K{outcome_line(outcome)}")
            advance()

        yield shown


def conflicts(plan: Plan) -> Iterator[Outcome]:
    """What a sync stops for: git and somebody else have both changed it."""
    for each in plan.drift:
        if each.action is not None:
            message = conflict_words(each)
            yield Outcome(each.tracking_id, each.resource, each.action, Status.HELD, each.id, message)


def tell_outcome(outcome: Outcome) -> None:
    tell(outcome_line(outcome))


def show_outcomes(outcomes: Outcomes, output: str) -> None:
    show((outcomes_json(outcomes) if output == "json" else outcomes_summary(outcomes)).rstrip("\n"))


def remember_count(request: Request, made: Planned) -> None:
    """How many are live now, of all services."""
    plan: Plan = made.plan
    if not plan.only:
        counts = counts_after(made.live, plan.changes, plan.workspace)
        remember(request.state, described(made.target), plan.workspace, counts)
