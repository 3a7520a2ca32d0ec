"""Choices of the simulator as people write them."""

from __future__ import annotations

NONE = "none"


def choice_text(value: object) -> str:
    return NONE if value is None else str(value)
