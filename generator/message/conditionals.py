"""Who a message reaches in which state: handles, and the conditionals around them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

# A template variable inside a handle belongs to it (`@slack-{{team.name}}`), a conditional's tag ends it.
_VARIABLE = r"\{\{(?![#/^!]|else\b)[^{}\s]{1,100}\}\}"
_HANDLE = re.compile(rf"(?<![^\s}}(\[,;:\"'*>])@(?:[\w.@+/-]|{_VARIABLE})+")
_SENTENCE_ENDS = ".,-/"
ALERT = "is_alert"


def only_when(states: Iterable[str], text: str) -> str:
    """The text inside the conditional of each state, such as `is_alert`."""
    return "\n".join(f"{{{{#{state}}}}}{text}{{{{/{state}}}}}" for state in states)


def handles(text: str) -> tuple[str, ...]:
    """The @-handles of a message, each once, in order; an address inside a word is none."""
    found = (match.group().rstrip(_SENTENCE_ENDS) for match in _HANDLE.finditer(text))
    return tuple(dict.fromkeys(handle for handle in found if len(handle) > 1))


def with_handles(
    text: str,
    *,
    notify: Sequence[str] = (),
    urgent: Sequence[str] = (),
    runbook: str = "",
    notify_when: Sequence[str] = (),
) -> str:
    """A whole message: the text, its runbook, and the handles.

    `notify` receives every state, or those of `notify_when` only; `urgent` receives alerts only.
    """
    parts = (text.rstrip(), _runbook_line(runbook, text), _handle_lines(notify, urgent, notify_when))
    return "\n\n".join(part for part in parts if part)


def _runbook_line(runbook: str, text: str) -> str:
    return "" if not runbook or runbook in text else f"Runbook: {runbook}"


def _handle_lines(notify: Sequence[str], urgent: Sequence[str], notify_when: Sequence[str]) -> str:
    """One line for each state that differs from the others in whom it reaches."""
    always = () if notify_when else tuple(notify)
    alert = [*(notify if ALERT in notify_when else ()), *urgent]
    conditional = {ALERT: [handle for handle in alert if handle not in always]}
    conditional |= {state: list(notify) for state in notify_when if state != ALERT}
    lines = [only_when((state,), f" {_joined(reached)} ") for state, reached in conditional.items() if reached]
    return "\n".join([*lines, *([_joined(always)] if always else [])])


def _joined(reached: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(reached))
