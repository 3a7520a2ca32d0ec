"""What a message's tags say, whatever its text: thousands of monitors have few outlines."""

from __future__ import annotations

import functools
import re
from typing import Final

from msgspec import Struct

from generator.message.nodes import Closing, Condition, Function, Message, Tag, Verbatim
from generator.message.parser import TAG, parse_message
from generator.message.uses import uses

_KEPT: Final = 1_024
_LATELY: Final = 64
_TAGS = re.compile(TAG)


class Outline(Struct, frozen=True, eq=False):
    """The tree of the tags alone, and what they name; offsets say nothing about the message."""

    message: Message
    conditions: frozenset[str]
    functions: frozenset[str]
    variables: frozenset[tuple[str, ...]]


@functools.lru_cache(maxsize=_LATELY)
def outline(text: str) -> Outline:
    """The outline of a message; where raw text, comments or broken tags make it hard to tell, its whole text counts."""
    if "{{!" in text or "{{{{" in text:
        return _of_tags(text)
    tags = _TAGS.findall(text)
    return _of_tags("".join(tags) if len(tags) == text.count("{{") else text)


@functools.lru_cache(maxsize=_KEPT)
def _of_tags(text: str) -> Outline:
    message = parse_message(text)
    nodes = [part.node.opening if isinstance(part.node, Verbatim) else part.node for part in message.parts]
    contents = [node.content for node in nodes if isinstance(node, Tag)]
    return Outline(
        message=message,
        conditions=frozenset(each.name for each in contents if isinstance(each, Condition | Closing)),
        functions=frozenset(each.call.name for each in contents if isinstance(each, Function)),
        variables=frozenset(use.parts for use in uses(message)),
    )
