"""Time zones by name, always from the pinned tz database, so that every machine computes the same shifts."""

from __future__ import annotations

import difflib
import functools
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import tzdata  # type: ignore[import-untyped]  # data only: nothing but its folder is used

_DATABASE = Path(tzdata.__file__).parent
_LONGEST_NAME = 64


class UnknownZone(msgspec.Struct, frozen=True):
    """A name that the tz database does not have."""

    message: str
    hint: str


def zone(name: str) -> ZoneInfo | UnknownZone:
    """The zone of a tz database name such as `Asia/Tokyo`."""
    if name not in zone_names():
        return UnknownZone(message=f"time zone `{_shortened(name)}` is not known", hint=_hint(name))
    return _loaded(name)


@functools.cache
def zone_names() -> frozenset[str]:
    return frozenset((_DATABASE / "zones").read_text(encoding="utf-8").split())


@functools.cache
def _loaded(name: str) -> ZoneInfo:
    with _DATABASE.joinpath("zoneinfo", *name.split("/")).open("rb") as compiled:
        return ZoneInfo.from_file(compiled, key=name)


def _hint(name: str) -> str:
    nearest = _nearest(name)
    if nearest is None:
        return "write a name of the tz database, such as `Asia/Tokyo` or `UTC`"
    return f"did you mean `{nearest}`?"


def _nearest(name: str) -> str | None:
    """The zone with the most similar name; a city alone is enough."""
    if len(name) > _LONGEST_NAME:
        return None
    spellings = {known.rpartition("/")[2].lower(): known for known in sorted(zone_names(), reverse=True)}
    spellings |= {known.lower(): known for known in zone_names()}
    found = difflib.get_close_matches(name.lower().replace(" ", "_"), sorted(spellings), n=1, cutoff=0.7)
    return spellings[found[0]] if found else None


def _shortened(name: str) -> str:
    """Without control characters, and not longer than any zone's name."""
    visible = "".join(each if each.isprintable() else "?" for each in name[:_LONGEST_NAME])
    return visible if len(name) <= _LONGEST_NAME else f"{visible}…"
