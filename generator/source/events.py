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

_LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def events(text: str) -> Iterator[Event]:
    """Raises yaml.YAMLError where the text stops being YAML."""
    return yaml.parse(text, Loader=_LOADER)
