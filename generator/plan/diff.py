"""What differs between two normal forms, field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest

from generator.plan.model import FieldChange, Path

Sets = frozenset[tuple[str, ...]]


def field_changes(
    before: Mapping[str, object], after: Mapping[str, object], sets: Sets = frozenset()
) -> tuple[FieldChange, ...]:
    """Give the changed fields in the order of their paths; a list at a path in `sets` changes as a whole."""
    return tuple(_changes((), before, after, sets))


def _changes(path: Path, before: object, after: object, sets: Sets) -> Iterator[FieldChange]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted(before.keys() | after.keys()):
            yield from _changes((*path, key), before.get(key), after.get(key), sets)
    elif isinstance(before, list) and isinstance(after, list) and path not in sets:
        for index, (old, new) in enumerate(zip_longest(before, after)):
            yield from _changes((*path, index), old, new, sets)
    else:
        yield FieldChange(path, before, after)
