"""A message from its parts: the text, the runbook, and the handles in the conditionals of their states."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import msgspec

ALERT = "is_alert"
_CONDITIONAL = re.compile(r"\{\{#(\w+)\}\} (.*) \{\{/\1\}\}")


def only_when(states: Iterable[str], text: str) -> str:
    """The text inside the conditional of each state, such as `is_alert`."""
    return "\n".join(f"{{{{#{state}}}}}{text}{{{{/{state}}}}}" for state in states)


class When(msgspec.Struct, frozen=True):
    """The states of which people are told: `notify` in every state where it is empty."""

    notify: tuple[str, ...] = ()
    urgent: tuple[str, ...] = (ALERT,)


_USUALLY = When()


def with_handles(
    text: str,
    *,
    notify: Sequence[str] = (),
    urgent: Sequence[str] = (),
    runbook: str = "",
    when: When = _USUALLY,
) -> str:
    """A whole message: the text, its runbook, and the handles of each state."""
    reached = {
        state: (*(notify if state in when.notify else ()), *(urgent if state in when.urgent else ()))
        for state in (*when.urgent, *when.notify)
    }
    always = () if when.notify else tuple(notify)
    parts = (text.rstrip(), _runbook_line(runbook, text), _handle_lines(reached, always))
    return "\n\n".join(part for part in parts if part)


def _runbook_line(runbook: str, text: str) -> str:
    return "" if not runbook or runbook in text else f"Runbook: {runbook}"


def _handle_lines(reached: Mapping[str, Sequence[str]], always: tuple[str, ...]) -> str:
    """One line for each state that differs from the others in whom it reaches."""
    conditional = {state: [each for each in told if each not in always] for state, told in reached.items()}
    lines = [only_when((state,), f" {_joined(told)} ") for state, told in conditional.items() if told]
    return "\n".join([*lines, *([_joined(always)] if always else [])])


def _joined(reached: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(reached))


class Apart(msgspec.Struct, frozen=True):
    """A message without the handles at its end, and these."""

    text: str
    notify: tuple[str, ...] = ()
    urgent: tuple[str, ...] = ()


def handles_apart(message: str) -> Apart:
    """What `with_handles` has put together, as far as its last paragraph is of handles alone."""
    text, _, last = message.rpartition("\n\n")
    notify: tuple[str, ...] = ()
    urgent: tuple[str, ...] = ()
    for line in last.split("\n"):
        conditional = _CONDITIONAL.fullmatch(line)
        words = tuple((conditional[2] if conditional else line).split())
        if not words or not all(word.startswith("@") for word in words):
            return Apart(message)
        if conditional is None:
            notify = words
        elif conditional[1] == ALERT:
            urgent = words
    return Apart(text, notify, urgent)
