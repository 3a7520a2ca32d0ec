"""What a sync did, for a person at a terminal; `outcome_line` alone where lines are streamed."""

from __future__ import annotations

from collections.abc import Iterator

from generator.plan.model import Action
from generator.report.style import PLAIN, Style
from generator.report.visible import LONGEST_SENTENCE, LONGEST_VALUE, short
from generator.sync.outcome import Outcome, Outcomes, Status

_PAST = {
    Action.CREATE: "created",
    Action.UPDATE: "updated",
    Action.REPLACE: "replaced",
    Action.DELETE: "deleted",
    Action.ADOPT: "adopted",
}
_NOT_DONE = {
    Status.MOVED: "changed since the plan",
    Status.HELD: "held",
    Status.REFUSED: "refused by Datadog",
    Status.FAILED: "failed",
    Status.SKIPPED: "skipped",
    Status.INTERRUPTED: "interrupted",
}


def outcomes_text(outcomes: Outcomes, *, style: Style = PLAIN) -> str:
    """A line for each change, then what was not done once more with its reason, then the counts."""
    lines = [outcome_line(outcome, style=style) for outcome in outcomes.outcomes if outcome.is_as_planned]
    missed = [outcome_line(outcome, style=style) for outcome in outcomes.outcomes if not outcome.is_as_planned]
    blocks = ["\n".join(block) for block in (lines, missed) if block]
    return "\n\n".join([*blocks, style.bold(outcomes_summary(outcomes))]) + "\n"


def outcome_line(outcome: Outcome, *, style: Style = PLAIN) -> str:
    """`created main/shop/latency/production 1234`, or what kept it from being done and why."""
    name = short(outcome.tracking_id, LONGEST_VALUE) + (f" {short(outcome.id, LONGEST_VALUE)}" if outcome.id else "")
    reason = f": {short(outcome.message, LONGEST_SENTENCE)}" if outcome.message else ""
    if outcome.status is Status.DONE:
        return f"{style.green(_PAST[outcome.action])} {name}{reason}"
    if outcome.status is Status.ALREADY:
        return f"{style.faint(f'already {_PAST[outcome.action]}')} {name}{reason}"
    return f"{style.red(f'not {_PAST[outcome.action]}')} {name} ({_NOT_DONE[outcome.status]}){reason}"


def outcomes_summary(outcomes: Outcomes) -> str:
    """`3 created, 1 updated; 2 not done: 1 failed, 1 skipped.`, by action and by reason."""
    if not outcomes.outcomes:
        return "Nothing was to be done."
    done = ", ".join(_done(outcomes))
    missed = [outcome.status for outcome in outcomes.outcomes if not outcome.is_as_planned]
    if not missed:
        return f"{done}."
    reasons = ", ".join(f"{missed.count(status):,} {words}" for status, words in _NOT_DONE.items() if status in missed)
    return f"{done or 'nothing done'}; {len(missed):,} not done: {reasons}."


def _done(outcomes: Outcomes) -> Iterator[str]:
    for action, words in _PAST.items():
        number = sum(outcome.status is Status.DONE and outcome.action is action for outcome in outcomes.outcomes)
        if number:
            yield f"{number:,} {words}"
    already = sum(outcome.status is Status.ALREADY for outcome in outcomes.outcomes)
    if already:
        yield f"{already:,} done already"
