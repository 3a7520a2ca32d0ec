"""The keys in use, kept out of all that is printed, written or sent."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.datadog.blotting import Blotter
    from generator.finding import Finding
    from generator.render.model import Rendering, Resource

NAMES = ("DD_API_KEY", "DD_APP_KEY")
LONGEST_FILE = 4096
RULE = "holds-a-key"

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


def witness() -> Callable[[bytes], bool]:
    """What says of a content whether a key stands there, in any form.

    Or what stands for a key in what is live, so that nothing desired equals that.
    """
    from generator.datadog.blotting import holds_mark

    if not (keys := in_use()):
        return lambda _: False
    blotter = _blotter(keys)
    return lambda content: blotter.is_in(content) or holds_mark(content)


def without_keys(rendering: Rendering, examined: Collection[str] = ()) -> Rendering:
    """Refuse what would send a key in use to Datadog, where all may read it; it is neither shown nor kept.

    In `examined` files there is none.
    """
    suspects = tuple(each for each in rendering.resources if each.path not in examined) if in_use() else ()
    holding = list(_holding(suspects))
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


def has_refused(rendering: Rendering) -> bool:
    """Whether something was left out, so that what is found in the rest is not all of it."""
    return any(finding.rule == RULE for finding in rendering.findings)


def _holding(resources: tuple[Resource, ...]) -> Iterator[Resource]:
    import msgspec

    is_held = witness()
    if is_held(msgspec.json.encode([(each.tracking_id, each.payload) for each in resources])):
        for each in resources:
            if is_held(msgspec.json.encode((each.tracking_id, each.payload))):
                yield each


def _finding(resource: Resource) -> Finding:
    from generator.finding import Finding, Severity, Span

    message, hint = _told(resource)
    place = Span(resource.path, resource.line, 1, resource.line, 1)
    return Finding(RULE, Severity.ERROR, message, place, hint, tracking_ids=(resource.tracking_id,))


def _told(resource: Resource) -> tuple[str, str]:
    import msgspec

    from generator.datadog.blotting import MARK

    name = f"`{concealed(resource.tracking_id)}`"
    if _blotter(in_use()).is_in(msgspec.json.encode((resource.tracking_id, resource.payload))):
        hint = "take it out, and have Datadog make a new one: this one has been in a file that others read"
        return f"{name} holds a Datadog key that is in use", hint
    return f"{name} holds `{MARK}`, which stands for a key in what is live", "write what is meant to stand there"


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
