"""The keys in use, kept out of all that is printed, written or sent."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.datadog.blotting import Blotter
    from generator.finding import Finding
    from generator.render.model import Rendering, Resource
    from generator.source.reader import Files

NAMES = ("DD_API_KEY", "DD_APP_KEY")
LONGEST_FILE = 4096
RULE = "holds-a-key"
SHORTEST_KEY = 8

_read: set[str] = set()
"""Those that came from elsewhere than the environment and its files; one process uses one pair."""


def remember(*keys: str) -> None:
    _read.update(keys)


def in_use() -> tuple[str, ...]:
    named = (os.environ.get(name, "").strip() for name in NAMES)
    filed = (_of_file(path) for name in NAMES if (path := os.environ.get(f"{name}_FILE", "").strip()))
    return tuple(sorted({key for key in (*named, *filed, *_read) if key}))


def concealed(text: str) -> str:
    """The text with `***` in the place of any key in use."""
    keys = in_use()
    return _blotter(keys).text(text) if keys else text


def are_held(files: Files) -> bool:
    """Whether a project file holds a key as it stands: nothing that is made of it is kept."""
    wanted = _plain(in_use())
    return bool(wanted) and any(_holds(content, wanted) for content in files.values())


def without_keys(rendering: Rendering) -> Rendering:
    """Refuse what would send a key in use to Datadog, where all may read it; it is neither shown nor kept."""
    wanted = _plain(in_use())
    holding = list(_holding(rendering.resources, wanted)) if wanted else []
    if not holding:
        return rendering
    import msgspec

    from generator.finding import in_reading_order

    refused = {id(each) for each in holding}
    return msgspec.structs.replace(
        rendering,
        resources=tuple(each for each in rendering.resources if id(each) not in refused),
        findings=in_reading_order((*rendering.findings, *map(_finding, holding))),
        broken=tuple(sorted({*rendering.broken, *(each.tracking_id for each in holding)})),
    )


def _holding(resources: tuple[Resource, ...], wanted: tuple[bytes, ...]) -> Iterator[Resource]:
    import msgspec

    if _holds(msgspec.json.encode([(each.tracking_id, each.payload) for each in resources]), wanted):
        for each in resources:
            if _holds(msgspec.json.encode((each.tracking_id, each.payload)), wanted):
                yield each


def _plain(keys: tuple[str, ...]) -> tuple[bytes, ...]:
    """As JSON writes them, in lower case; a shorter one would be found in ordinary words."""
    return tuple(json.dumps(key)[1:-1].lower().encode() for key in keys if len(key) >= SHORTEST_KEY)


def _holds(content: bytes, wanted: tuple[bytes, ...]) -> bool:
    """In whatever case: encodings of a key are only concealed, because to look for each takes a second."""
    lowered = content.lower()
    return any(key in lowered for key in wanted)


def _finding(resource: Resource) -> Finding:
    from generator.finding import Finding, Severity, Span

    return Finding(
        RULE,
        Severity.ERROR,
        f"`{concealed(resource.tracking_id)}` holds a Datadog key that is in use",
        Span(resource.path, resource.line, 1, resource.line, 1),
        "take it out, and have Datadog make a new one: this one has been in a file that others read",
        tracking_ids=(resource.tracking_id,),
    )


@functools.cache
def _of_file(path: str) -> str:
    """Nothing where it cannot be read: who needs the key says so."""
    try:
        with Path(path).open(encoding="utf-8") as file:
            text = file.read(LONGEST_FILE + 1).strip()
    except (OSError, ValueError):
        return ""
    return text if len(text) <= LONGEST_FILE else ""


@functools.cache
def _blotter(keys: tuple[str, ...]) -> Blotter:
    from generator.datadog.blotting import Blotter

    return Blotter(keys)
