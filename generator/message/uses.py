"""What a message reads: each variable, wherever it is named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from generator.message.expression import Reading, read_expression
from generator.message.nodes import Argument, Call, Condition, Function, Literal, Message, Path, Tag, Variable, Verbatim
from generator.message.tags import path_of
from generator.message.vocabulary import MATCHES

_BY_NAME: Final = frozenset({"local_time", "urlencode"})


class Use(Struct, frozen=True):
    """A variable's name by its parts and where the message has it; `is_compared` by a match."""

    parts: tuple[str, ...]
    start: int
    end: int
    is_compared: bool = False

    @property
    def name(self) -> str:
        return ".".join(self.parts)


def uses(message: Message) -> tuple[Use, ...]:
    """The variables of tags, matches, expressions and functions, in the order of the text."""
    tags = (part.node.opening if isinstance(part.node, Verbatim) else part.node for part in message.parts)
    return tuple(use for tag in tags if isinstance(tag, Tag) for use in _of_tag(tag))


def _of_tag(tag: Tag) -> Iterator[Use]:
    content = tag.content
    if isinstance(content, Variable):
        yield _use(content.path, tag.start)
    elif isinstance(content, Function):
        yield from _of_call(content.call, tag.start)
    elif isinstance(content, Condition):
        yield from _of_condition(content, tag.start)


def _of_condition(condition: Condition, offset: int) -> Iterator[Use]:
    for argument in condition.arguments:
        if isinstance(argument, Call):
            yield from _of_call(argument, offset)
    if condition.name in MATCHES:
        yield from _named(condition.arguments[:1], offset, is_compared=True)


def _of_call(call: Call, offset: int) -> Iterator[Use]:
    if call.name in _BY_NAME:
        yield from _named(call.arguments[:1], offset)
    elif call.name == "eval":
        for argument in call.arguments[:1]:
            if isinstance(argument, Literal):
                yield from _of_expression(argument.text, offset + argument.start)


def _named(arguments: Sequence[Argument], offset: int, *, is_compared: bool = False) -> Iterator[Use]:
    """A variable that is named by an argument, quoted or not."""
    for argument in arguments:
        if isinstance(argument, Literal):
            yield _use(path_of(argument.text, argument.start), offset, is_compared=is_compared)
        elif isinstance(argument, Path):
            yield _use(argument, offset, is_compared=is_compared)


def _of_expression(text: str, offset: int) -> Iterator[Use]:
    steps = read_expression(text)
    for step in steps if isinstance(steps, tuple) else ():
        if isinstance(step, Reading):
            yield _use(path_of(step.name, step.start), offset)


def _use(path: Path, offset: int, *, is_compared: bool = False) -> Use:
    return Use(path.parts, offset + path.start, offset + path.end, is_compared)
