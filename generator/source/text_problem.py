"""A problem of a text by character offsets, before anything knows lines."""

from __future__ import annotations

import msgspec

from generator.source.places import Place


class TextProblem(msgspec.Struct, frozen=True):
    """A problem with its character offsets; `first` is the place of the earlier one of two equal keys."""

    rule: str
    message: str
    hint: str
    start: int
    end: int
    first: Place | None = None
