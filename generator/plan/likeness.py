"""Whether two values of two environments say the same but for what the environments are called and where they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from generator.render.environment_values import EnvironmentValues

_MOST_COMPARED = 200
"""Texts of a list that are compared each with each."""


class Likeness:
    """Compares values of one environment with those of another. Nothing that it makes is ever sent."""

    def __init__(self, first: EnvironmentValues, second: EnvironmentValues) -> None:
        values = tuple(zip(_told(first), _told(second), strict=True))
        known = [(old, new) for old, new in values if old and new]
        # A scope may be a tag in one environment and two in the other.
        named = [pair for pair in known if pair != (first.scope, second.scope)]
        self._readings = tuple((_Marked(old), _Marked(new)) for old, new in (_sides(known), _sides(named)))

    def are_alike(self, one: str, other: str) -> bool:
        return one == other or any(old.of(one) == new.of(other) for old, new in self._readings)

    def aligned(self, one: Any, other: Any) -> Any:
        """The first value, with what is alike in the second as it stands there."""
        if isinstance(one, str) and isinstance(other, str):
            return other if self.are_alike(one, other) else one
        if isinstance(one, dict) and isinstance(other, dict):
            return {key: self.aligned(value, other[key]) if key in other else value for key, value in one.items()}
        if isinstance(one, list) and isinstance(other, list):
            return self._aligned_list(one, other)
        return one

    def _aligned_list(self, one: list[Any], other: list[Any]) -> list[Any]:
        if all(isinstance(each, str) for each in (*one, *other)) and max(len(one), len(other)) <= _MOST_COMPARED:
            found = self._aligned_texts(one, other)
            return other if sorted(found) == sorted(other) else found
        return [*(self.aligned(each, there) for each, there in zip(one, other, strict=False)), *one[len(other) :]]

    def _aligned_texts(self, one: Sequence[str], other: Sequence[str]) -> list[str]:
        there = [{new.of(text): text for text in reversed(other)} for _, new in self._readings]
        equal = frozenset(other)
        marked = ((old, known) for (old, _), known in zip(self._readings, there, strict=True))
        readings = tuple(marked)
        return [
            each
            if each in equal
            else next((known[old.of(each)] for old, known in readings if old.of(each) in known), each)
            for each in one
        ]


class _Marked:
    """Texts with the values of an environment exchanged for marks; longer values are found first."""

    def __init__(self, values: Sequence[str]) -> None:
        self._marks = {value: f"\0{number}\0" for number, value in enumerate(values)}
        ordered = sorted(map(re.escape, self._marks), key=len, reverse=True)
        self._pattern = re.compile(rf"(?<![a-zA-Z0-9_])(?:{'|'.join(ordered)})(?![a-zA-Z0-9_])")

    def of(self, text: str) -> str:
        return self._pattern.sub(lambda found: self._marks[found.group()], text) if self._marks else text


def _told(values: EnvironmentValues) -> tuple[str, ...]:
    return values.name, values.scope, values.account, values.region


def _sides(pairs: Sequence[tuple[str, str]]) -> tuple[list[str], list[str]]:
    return [old for old, _ in pairs], [new for _, new in pairs]
