"""The tree of a message. Its nodes hold every character, so that a message is printed back as it was written.

Offsets of a tag's content (`start`, `end`) count from the tag's first brace: equal tags share one content.
"""

from __future__ import annotations

from msgspec import Struct

from generator.message.problem import MessageProblem


class Literal(Struct, frozen=True):
    """A quoted argument; `start` and `end` are those of what stands between the quotes."""

    text: str
    start: int
    end: int


class Path(Struct, frozen=True):
    """A variable's name by its parts, brackets removed: `[kube.app].name` is `kube.app` and `name`."""

    parts: tuple[str, ...]
    start: int
    end: int

    @property
    def text(self) -> str:
        return ".".join(self.parts)


class Call(Struct, frozen=True):
    """`eval "int(value)"`, `local_time 'last_triggered_at' 'Asia/Tokyo'`; in brackets it is an argument itself."""

    name: str
    arguments: tuple[Argument, ...]
    start: int
    end: int


Argument = Literal | Path | Call


class Variable(Struct, frozen=True):
    """`{{host.name}}`; with three braces its value is not escaped."""

    path: Path
    is_escaped: bool = True


class Function(Struct, frozen=True):
    call: Call
    is_escaped: bool = True


class Condition(Struct, frozen=True):
    """What opens a block: `#is_alert`, or negated `^is_alert`."""

    name: str
    arguments: tuple[Argument, ...] = ()
    is_negated: bool = False


class Closing(Struct, frozen=True):
    name: str


class Else(Struct, frozen=True):
    pass


class Comment(Struct, frozen=True):
    pass


class Unreadable(Struct, frozen=True):
    """A tag that means nothing; its problem says why."""


Content = Variable | Function | Condition | Closing | Else | Comment | Unreadable


class Text(Struct, frozen=True):
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class Tag(Struct, frozen=True):
    """`{{…}}` as it was written, and what it means."""

    text: str
    start: int
    content: Content

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class Block(Struct, frozen=True):
    """What stands between `{{#…}}` or `{{^…}}` and `{{/…}}`; an unclosed block has no closing tag."""

    opening: Tag
    condition: Condition
    body: tuple[Node, ...]
    separator: Tag | None = None
    otherwise: tuple[Node, ...] = ()
    closing: Tag | None = None


class Verbatim(Struct, frozen=True):
    """`{{{{raw}}}} … {{{{/raw}}}}`: text that is not read; with a condition such as `is_match` it is shown or not."""

    opening: Tag
    condition: Condition
    text: str
    closing: str

    @property
    def end(self) -> int:
        return self.opening.end + len(self.text) + len(self.closing)


Node = Text | Tag | Block | Verbatim


class Branch(Struct, frozen=True):
    """A part of a block: what stands here is shown only where the condition `holds`, or only where it does not."""

    condition: Condition
    holds: bool
    opening: Tag


class Part(Struct, frozen=True):
    """A text, tag or raw text with the branches around it, outermost first. An opening tag stands in its own block."""

    node: Text | Tag | Verbatim
    branches: tuple[Branch, ...]


class Message(Struct, frozen=True):
    """`parts` are the texts and tags of the tree in the order of the text."""

    source: str
    nodes: tuple[Node, ...]
    parts: tuple[Part, ...]
    problems: tuple[MessageProblem, ...]
