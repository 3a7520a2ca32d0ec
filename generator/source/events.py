"""The stream of YAML events of a text: PyYAML's C parser where it is built in, else its slow twin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import yaml

# Not yaml.Event, whose marks the type stubs take for optional.
Event: TypeAlias = Any
Value: TypeAlias = Any

# The stack of a program that walks a value grows with its depth; people nest about eight deep.
DEPTH_LIMIT = 50


def _fast_events(text: str) -> Iterator[Event]:
    return yaml.parse(text, Loader=yaml.CSafeLoader)


def _slow_events(text: str) -> Iterator[Event]:
    """The Python parser takes escapes that are no characters, and fails on them in its own ways."""
    event: Event = None
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            getattr(event, "value", "").encode()
            yield event
    except (OverflowError, ValueError) as error:
        mark = event.start_mark if event is not None else None
        raise yaml.MarkedYAMLError(problem="found unknown escape character", problem_mark=mark) from error


events = _fast_events if hasattr(yaml, "CSafeLoader") else _slow_events
"""Raises yaml.MarkedYAMLError where the text stops being YAML."""
