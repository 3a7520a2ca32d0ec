"""What all nodes of a tree share: they are frozen, compare by meaning and know their place in the text."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from decimal import Decimal
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import force_setattr

SourceRange = tuple[int, int]
NOWHERE: SourceRange = (0, 0)


class Node(Struct, frozen=True, kw_only=True, eq=False, gc=False):
    """What every node has: `span`, its start and end as character offsets in the parsed text.

    What is passed by position is a node's meaning; what only keywords pass is a place in the text.
    """

    span: SourceRange = NOWHERE

    def __eq__(self, other: object) -> bool:
        meaning = _reader(type(self))
        return type(other) is type(self) and meaning(self) == meaning(other)

    def __ne__(self, other: object) -> bool:
        return not self == other  # Struct's own knows nothing of the above

    def __hash__(self) -> int:
        return hash((type(self), _reader(type(self))(self)))

    def __repr__(self) -> str:
        named = [f"{name}={getattr(self, name)!r}" for name in type(self).__match_args__]
        return f"{type(self).__name__}({', '.join(named)})"


@functools.cache
def _reader(kind: type[Node]) -> Callable[[object], object]:
    """Return what reads all of a node but its places; the class itself where there is nothing else to read."""
    return attrgetter(*kind.__match_args__) if kind.__match_args__ else type


class Unwritable(ValueError):  # noqa: N818 - what it is about, as Refusal
    """A tree made by hand that no text gives; `rule` is what it breaks."""

    def __init__(self, what: str, found: str, rule: str) -> None:
        super().__init__(f"no query can hold {what} {found}: {rule}")
        self.rule = rule


def keep_exact(node: Node, name: str) -> None:
    """Make a whole float the int that its shortest text says, so that a number equals what its own text parses to."""
    value: object = getattr(node, name)
    if type(value) is not float:
        return
    if not math.isfinite(value):
        raise Unwritable("the number", repr(value), "it is not finite")
    if value.is_integer():
        force_setattr(node, name, int(Decimal(repr(value))))
