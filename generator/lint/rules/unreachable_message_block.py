"""A part of a message is never sent: the monitor has no such state, or the block around it rules it out.

`{{#is_warning}}` says nothing without a warning threshold, `{{#is_no_data}}` nothing where missing data is not told
(`notify_no_data`, `on_missing_data: show_and_notify_no_data`), `{{#is_renotify}}` nothing without `renotify_interval`;
an `{{#is_alert}}` inside `{{#is_recovery}}` never holds. A handle in it is told of nothing. Set the option, or remove
the block.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.finding import Severity
from generator.lint.message_reach import ALL, Limit, limits, reaching
from generator.lint.messages import complaints, texts
from generator.lint.rendered import RenderedMonitor
from generator.lint.rule import Complaint
from generator.message.nodes import Branch, Literal, Message, Path
from generator.message.outline import outline
from generator.message.parser import parse_message
from generator.message.problem import MessageProblem, shown

SEVERITY = Severity.WARNING
REACH = "resource"

_REMOVE = "remove the block"
_Why = tuple[str, str]
"""Why a branch is never sent, and how to mend it."""


def findings(monitor: RenderedMonitor) -> Iterator[Complaint]:
    for field, text in texts(monitor):
        said = outline(text)
        if said.conditions:
            ruled_out = limits(monitor)
            if any(True for _ in _problems(said.message, ruled_out, monitor)):
                yield from complaints(_problems(parse_message(text), ruled_out, monitor), field)


def _problems(message: Message, ruled_out: Sequence[Limit], monitor: RenderedMonitor) -> Iterator[MessageProblem]:
    """Of nested branches that nothing reaches, the outermost."""
    is_dead: dict[tuple[Branch, ...], bool] = {(): False}
    for part in message.parts:
        if part.branches not in is_dead:
            outer, branch = part.branches[:-1], part.branches[-1]
            why = None if is_dead.get(outer, False) else _why_unreached(outer, branch, ruled_out, monitor)
            is_dead[part.branches] = why is not None or is_dead.get(outer, False)
            if why is not None:
                yield _problem(branch, why)


def _why_unreached(
    outer: tuple[Branch, ...], branch: Branch, ruled_out: Sequence[Limit], monitor: RenderedMonitor
) -> _Why | None:
    if branch.condition.name == "is_priority":
        return _other_priority(branch, monitor)
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
    same = (branch.condition.name, _arguments(branch)) == (other.condition.name, _arguments(other))
    return same and branch.holds is not other.holds


def _arguments(branch: Branch) -> tuple[str, ...]:
    return tuple(each.text if isinstance(each, Literal | Path) else each.name for each in branch.condition.arguments)


def _other_priority(branch: Branch, monitor: RenderedMonitor) -> _Why | None:
    wanted = _arguments(branch)
    priority = monitor.resource.payload.get("priority")
    if not branch.holds or wanted[:1] == (f"P{priority}",) or "override_priority" in monitor.message():
        return None
    why = f"the monitor's priority is {priority}" if priority else "the monitor has no priority"
    return why, f"set another `priority`, or {_REMOVE}"


def _problem(branch: Branch, why: _Why) -> MessageProblem:
    tag = branch.opening
    what = (
        shown(tag.text) if branch.holds is not branch.condition.is_negated else f"`{{{{else}}}}` of {shown(tag.text)}"
    )
    return MessageProblem(f"{what} is never sent: {why[0]}", tag.start, tag.end, why[1])
