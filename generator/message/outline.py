"""What a message's tags say, whatever its text: thousands of monitors have few outlines."""

from __future__ import annotations

import functools
from typing import Final

from msgspec import Struct

from generator.message.nodes import Closing, Condition, Function, Message, Tag, Verbatim
from generator.message.parser import parse_message
from generator.message.uses import uses

_KEPT: Final = 1_024


class Outline(Struct, frozen=True, eq=False):
    """The tree of the tags alone, and what they name; offsets say nothing about the message."""

    message: Message
    conditions: frozenset[str]
    functions: frozenset[str]
    variables: frozenset[tuple[str, ...]]


def outline(text: str) -> Outline:
    """The outline of a message; where raw text, comments or broken tags make it hard to tell, its whole text counts."""
    return _of_tags(_tags_of(text) if "{{!" not in text and "{{{" not in text else text)


def _tags_of(text: str) -> str:
    """The tags of a text without three braces in a row, or the text itself where one of them is not closed."""
    first, *pieces = text.split("{{")
    tags = []
    for piece in pieces:
        end = piece.find("}}")
        if end < 0:
            return text
        tags.append(piece[:end])
    return f"{{{{{'}}{{'.join(tags)}}}}}" if tags else first


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
