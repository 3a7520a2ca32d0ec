"""The @-handles of a message: whom it tells, and in which branches of its blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from generator.message.nodes import Branch, Closing, Comment, Condition, Else, Message, Tag, Verbatim
from generator.message.parser import INSIDE, parse_message

_TAG = rf"\{{\{{\{{(?!\{{){INSIDE}\}}\}}\}}|\{{\{{(?!\{{){INSIDE}\}}\}}"
# A variable inside a handle belongs to it (`@slack-{{team.name}}`), a block's tag ends it.
_VARIABLE = rf"(?!\{{+\s*+(?:[#/^]|else[\s}}]))(?:{_TAG})"
_HANDLE = rf"(?<![^\s}}(\[,;:\"'*>])@(?:[\w.@+/-]|{_VARIABLE})+"
_HANDLES = re.compile(_HANDLE)
_HANDLES_BETWEEN_TAGS = re.compile(rf"(?:{_TAG})|(?P<handle>{_HANDLE})")
_SENTENCE_ENDS: Final = ".,-/"

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
    if "{{" not in text:
        return handles_in(text)
    if "{{!" in text or "{{{{" in text:
        return tuple(dict.fromkeys(mention.handle for mention in mentions(parse_message(text))))
    return _each_once(match["handle"] or "" for match in _HANDLES_BETWEEN_TAGS.finditer(text))


def handles_in(rendered: str) -> tuple[str, ...]:
    """The handles of a text in which nothing is a tag any more."""
    return _each_once(match.group() for match in _HANDLES.finditer(rendered))


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
