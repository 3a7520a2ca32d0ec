"""A handle that wakes people is told of warnings as well as of alerts.

Outside of any block a handle is told of every change of state. On a monitor with a warning threshold,
`@pagerduty-…`, `@opsgenie-…` and their like then call people for what is meant to wait. Write such a handle in
`{{#is_alert}}` and `{{#is_alert_recovery}}`, or set it as `urgent` in place of `notify`. Handles of chats and mail are
left alone: `notify` is meant to be told of every state. An escalation message is left alone too: it is sent only for
the states that `renotify` names, so whoever is called for warnings by it was chosen.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.messages import complaints
from generator.lint.rendered import RenderedMonitor
from generator.lint.rule import Complaint
from generator.message.conditions import STATE_TESTS
from generator.message.handles import Mention, mentions
from generator.message.nodes import Message
from generator.message.paging import PAGING, is_paging
from generator.message.parser import parse_message
from generator.message.problem import MessageProblem, shown

SEVERITY = Severity.WARNING
REACH = "resource"

_NEAR = 200


def findings(monitor: RenderedMonitor) -> Iterator[Complaint]:
    if monitor.threshold("warning") is None:
        return
    text = monitor.message()
    if all(_stand_in_states(paging, text) for paging in PAGING):
        return
    yield from complaints(_problems(parse_message(text)), ("message",))


def _problems(message: Message) -> Iterator[MessageProblem]:
    hint = "write it in `{{#is_alert}}` and `{{#is_alert_recovery}}`, or set it as `urgent`"
    for mention in mentions(message):
        if is_paging(mention.handle) and not _asks_for_a_state(mention):
            yield MessageProblem(
                f"{shown(mention.handle)} is called for warnings too", mention.start, mention.end, hint
            )


def _stand_in_states(paging: str, text: str) -> bool:
    """Whether each such handle plainly stands in a block of a state, as nearly all do: that saves reading the tree."""
    at = text.find(paging)
    while at >= 0:
        opened = text.rfind("{{#is_", max(0, at - _NEAR), at)
        if (
            opened < 0
            or text.startswith(("{{#is_match", "{{#is_exact_match"), opened)
            or text.find("{{/", opened, at) >= 0
        ):
            return False
        at = text.find(paging, at + 1)
    return True


def _asks_for_a_state(mention: Mention) -> bool:
    names = [branch.condition.name for branch in mention.branches]
    return any(name in STATE_TESTS or name == "is_priority" for name in names)
