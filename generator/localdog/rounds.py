"""One round of evaluations at a time, and what the rounds before it know."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.localdog.watched import Watched

if TYPE_CHECKING:
    from generator.localdog.numeric.engine import Engine


@dataclass
class Rounds:
    """`watched` are the monitors of the last round by the text that they were read from."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    posting: asyncio.Lock = field(default_factory=asyncio.Lock)
    watched: dict[bytes, Watched] = field(default_factory=dict)
    engine: Engine | None = None
