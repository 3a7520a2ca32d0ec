"""What a row of a function's implementation is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from generator.query.nodes import Call, Number, StringLiteral
from generator.simulate.history import Values
from generator.simulate.refusal import NotSimulated
from generator.simulate.settings import DEFAULT, Settings


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a function may need to know: the length of a bucket in seconds, and of the window in buckets."""

    seconds: int
    window: int
    settings: Settings = DEFAULT


@dataclass(frozen=True, slots=True)
class Implementation:
    """`memory` is how many points before a point it looks at.

    With `by_source` it is computed of each source before they are aggregated
    (https://docs.datadoghq.com/dashboards/functions/rate/). `of_window` tells whether it sees a window's points only,
    so that a point's value differs from window to window.
    """

    compute: Callable[[Call, Values, Surroundings], Values]
    memory: Callable[[Call, Surroundings], int] = lambda _, __: 0
    by_source: bool = False
    of_window: Callable[[Settings], bool] = lambda _: False


def number(call: Call, place: int) -> float:
    found = call.args[place] if place < len(call.args) else None
    if not isinstance(found, Number):
        raise NotSimulated(f"`{call.name}` needs a number", call)
    return found.value


def text(call: Call, place: int, default: str) -> str:
    found = call.args[place] if place < len(call.args) else None
    return found.text if isinstance(found, StringLiteral) else default
