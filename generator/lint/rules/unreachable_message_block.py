"""A part of a message is never sent: the monitor has no such state, or the block around it rules it out.

`{{#is_warning}}` says nothing without a warning threshold, `{{#is_no_data}}` nothing where missing data is not told
(`notify_no_data`, `on_missing_data: show_and_notify_no_data`), `{{#is_renotify}}` nothing without `renotify_interval`;
an `{{#is_alert}}` inside `{{#is_recovery}}` never holds. A handle in it is told of nothing. Set the option, or remove
the block.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.message_reach import ALL, Limit, limits, reaching
from generator.lint.messages import branch_words, complaints, condition_arguments
from generator.lint.rendered import RenderedMonitor
from generator.lint.rule import Complaint
from generator.message.nodes import Branch, Message
from generator.message.outline import Outline
from generator.message.parser import parse_message
from generator.message.problem import MessageProblem

SEVERITY = Severity.WARNING
REACH = "resource"

_KEPT = 1_024
# Whatever a monitor's options, these can hold and not hold.
_UNLIMITED = frozenset({"is_alert", "is_alert_recovery", "is_exact_match", "is_match", "is_recovery"})
_REMOVE = "remove the block"
_Why = tuple[str, str]
"""Why a branch is never sent, and how to mend it."""


def findings(monitor: RenderedMonitor) -> Iterator[Complaint]:
    for field, text, said in monitor.outlines:
        if said.conditions:
            is_limited = not said.conditions <= _UNLIMITED
            ruled_out, priority = (limits(monitor), _priority(monitor)) if is_limited else ((), None)
            if _says_what_is_never_sent(said, ruled_out, priority):
                yield from complaints(_problems(parse_message(text), ruled_out, priority), field)


@functools.lru_cache(maxsize=_KEPT)
def _says_what_is_never_sent(said: Outline, ruled_out: tuple[Limit, ...], priority: str | None) -> bool:
    return any(True for _ in _problems(said.message, ruled_out, priority))


def _priority(monitor: RenderedMonitor) -> str | None:
    """Such as `P1`, empty without one, None where the message sets it."""
    if "override_priority" in monitor.message():
        return None
    priority = monitor.resource.payload.get("priority")
    return f"P{priority}" if priority else ""


def _problems(message: Message, ruled_out: tuple[Limit, ...], priority: str | None) -> Iterator[MessageProblem]:
    """Of nested branches that nothing reaches, the outermost."""
    is_dead: dict[tuple[int, bool], bool] = {}
    for part in message.parts:
        for depth, branch in enumerate(part.branches):
            place = (branch.opening.start, branch.holds)
            if place not in is_dead:
                outer = part.branches[:depth]
                was_dead = bool(outer) and is_dead[outer[-1].opening.start, outer[-1].holds]
                why = None if was_dead else _why_unreached(outer, branch, ruled_out, priority)
                is_dead[place] = was_dead or why is not None
                if why is not None:
                    yield _problem(branch, why)


def _why_unreached(
    outer: tuple[Branch, ...], branch: Branch, ruled_out: tuple[Limit, ...], priority: str | None
) -> _Why | None:
    if branch.condition.name == "is_priority":
        return _other_priority(branch, priority)
    inside = reaching(outer) & reaching((branch,))
    if not inside or any(_contradicts(branch, other) for other in outer):
        return "the block around it rules it out", "take it out of that block, or remove it"
    sent = ALL
    for limit in ruled_out:
        sent &= ~limit.events
        if not inside & sent:
            return limit.reason, f"{limit.hint}, or {_REMOVE}"
    return None


def _contradicts(branch: Branch, other: Branch) -> bool:
    same = (branch.condition.name, condition_arguments(branch)) == (other.condition.name, condition_arguments(other))
    return same and branch.holds is not other.holds


def _other_priority(branch: Branch, priority: str | None) -> _Why | None:
    wanted = condition_arguments(branch)
    if priority is None or not branch.holds or wanted[:1] == (priority,):
        return None
    why = f"the monitor's priority is {priority}" if priority else "the monitor has no priority"
    return why, f"set another `priority`, or {_REMOVE}"


def _problem(branch: Branch, why: _Why) -> MessageProblem:
    tag = branch.opening
    return MessageProblem(f"{branch_words(branch)} is never sent: {why[0]}", tag.start, tag.end, why[1])
