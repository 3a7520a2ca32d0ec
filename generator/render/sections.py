"""What the resources below each key of a file have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from generator.render.fields import INHERITED


class Section(NamedTuple):
    """`resource_type` is what they become. `takes_over` are the fields of outer layers that hold below it.

    `is_filled` where all templates are filled in.
    """

    resource_type: str
    takes_over: frozenset[str]
    is_filled: bool


_TAGS = frozenset(("tags",))
SECTIONS: Final[Mapping[str, Section]] = {
    "monitors": Section("monitor", INHERITED, is_filled=False),
    "dashboards": Section("dashboard", _TAGS, is_filled=False),
    "slos": Section("slo", _TAGS, is_filled=True),
    "downtimes": Section("downtime", frozenset(), is_filled=True),
}
