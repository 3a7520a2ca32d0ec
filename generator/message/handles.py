"""The @-handles of a message: whom it tells, and in which branches of its blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from generator.message.nodes import Branch, Closing, Comment, Condition, Else, Message, Tag, Verbatim
from generator.message.parser import TAG, parse_message

# A variable inside a handle belongs to it (`@slack-{{team.name}}`), a block's tag ends it.
_VARIABLE = rf"(?!\{{+\s*+(?:[#/^]|else[\s}}])){TAG}"
_HANDLE = rf"(?<![^\s}}(\[,;:\"'*>])@(?:[\w.@+/-]|{_VARIABLE})+"
_HANDLE_HERE = re.compile(_HANDLE)
_HANDLES_BETWEEN_TAGS = re.compile(rf"{TAG}|(?P<handle>{_HANDLE})")
_SENTENCE_ENDS: Final = ".,-/"
_FEW: Final = 20

CHAT_WORDS: Final = frozenset({"@channel", "@everyone", "@here"})
"""Words by which Slack calls people; to Datadog they are no handles
(https://docs.datadoghq.com/integrations/slack/#mentions-in-slack-from-monitor-alert)."""


class Mention(Struct, frozen=True):
    """A handle in the text, without what ends a sentence, and the branches it stands in, outermost first."""

    handle: str
    start: int
    end: int
    branches: tuple[Branch, ...] = ()


def handles(text: str) -> tuple[str, ...]:
    """The handles of a message, each once, in order; an address inside a word is none, nor what a comment holds."""
    if "@" not in text:
        return ()
    if "{{!" in text or "{{{{" in text:
        return tuple(dict.fromkeys(mention.handle for mention in mentions(parse_message(text))))
    if "{{" in text and _may_stand_in_a_tag(text):
        return _each_once(match["handle"] or "" for match in _HANDLES_BETWEEN_TAGS.finditer(text))
    return handles_in(text)


def has_handle(text: str) -> bool:
    """Whether a message has a handle; most show it at their first `@`."""
    at = text.find("@")
    if at < 0:
        return False
    match = None if "{{!" in text or "{{{{" in text else _HANDLE_HERE.match(text, at)
    if match is None or text.rfind("{{", 0, at) > text.rfind("}}", 0, at):
        return bool(handles(text))
    return bool(_trimmed(match.group())) or bool(handles(text))


def handles_in(rendered: str) -> tuple[str, ...]:
    """The handles of a text in which no `@` stands inside a tag."""
    return _each_once(_found_at_signs(rendered))


def _may_stand_in_a_tag(text: str) -> bool:
    """Whether one of the `@` does, or there are too many to look at each."""
    if text.count("@") > _FEW:
        return True
    at = text.find("@")
    while at >= 0:
        if text.rfind("{{", 0, at) > text.rfind("}}", 0, at):
            return True
        at = text.find("@", at + 1)
    return False


def _found_at_signs(text: str) -> Iterator[str]:
    """Few of a text's characters are `@`: looking for them first is faster than searching for handles."""
    at = text.find("@")
    while at >= 0:
        match = _HANDLE_HERE.match(text, at)
        if match is not None:
            yield match.group()
        at = text.find("@", at + 1 if match is None else match.end())


def mentions(message: Message) -> tuple[Mention, ...]:
    """Each place of a handle; a variable's own `@` is none."""
    if "@" not in message.source:
        return ()
    return tuple(
        Mention(handle, match.start("handle"), match.start("handle") + len(handle), branches)
        for start, end, branches in _runs(message)
        for match in _HANDLES_BETWEEN_TAGS.finditer(message.source, start, end)
        if (handle := _trimmed(match["handle"] or ""))
    )


def _each_once(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(handle for handle in map(_trimmed, found) if handle))


def _trimmed(handle: str) -> str:
    """Without what ends a sentence; empty where no handle is left."""
    trimmed = handle.rstrip(_SENTENCE_ENDS)
    return "" if len(trimmed) == 1 or trimmed.lower() in CHAT_WORDS else trimmed


def _runs(message: Message) -> Iterator[tuple[int, int, tuple[Branch, ...]]]:
    """Start and end of texts with the variables between them: no handle reaches from one run into another."""
    start = end = 0
    branches: tuple[Branch, ...] = ()
    for part in message.parts:
        node = part.node
        if isinstance(node, Verbatim):
            yield start, end, branches
            yield node.opening.end, node.opening.end + len(node.text), part.branches
            start = end = node.end
        elif isinstance(node, Tag) and isinstance(node.content, Condition | Closing | Else | Comment):
            yield start, end, branches
            start = end = node.end
        else:
            end = node.end
            branches = part.branches
    yield start, end, branches
