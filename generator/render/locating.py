"""From a field of a rendered resource back to the YAML that set it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.finding import Excerpt, Span
from generator.render.entries import Entry
from generator.render.files import file_entries
from generator.render.layers import setting_layer
from generator.render.model import Resource
from generator.render.ownership import tracking_id_of
from generator.render.sections import SECTIONS
from generator.source.documents import Document, Place
from generator.source.reader import Files

_A_TAG: Place = ("tags", 0)


class Locator:
    """Reads a file again the first time that a place in it is asked for."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._entries: dict[str, Mapping[tuple[str, str], Entry]] = {}

    def __call__(self, resource: Resource, payload_path: Place) -> Span:
        """The place of a payload's field, or of the resource's name where the field comes from no layer."""
        entry = self.entry(resource)
        if entry is None:
            return Span(resource.path, resource.line, 1, resource.line, 1)
        written = _written(entry, payload_path, resource)
        if written is None:
            return entry.definition.document.key_span(entry.definition.place)
        document, place = written
        return document.span(place)

    def marked(self, resource: Resource, payload_path: Place, excerpt: Excerpt) -> Span | None:
        """Where the YAML has the marked part of a payload's text; None where it does not have it as it stands."""
        entry = self.entry(resource)
        written = _written(entry, payload_path, resource) if entry else None
        if written is None:
            return None
        document, place = written
        text = document.value(place)
        start = _start_in(text, excerpt) if isinstance(text, str) else None
        return None if start is None else document.span_within(place, start, start + excerpt.end - excerpt.start)

    def entry(self, resource: Resource) -> Entry | None:
        """What the YAML says of the resource; None where its file does not say it."""
        entries = self._entries_of(resource.path)
        names = _names(resource.tracking_id)
        return next((found for name in names if (found := entries.get((resource.resource, name))) is not None), None)

    def _entries_of(self, path: str) -> Mapping[tuple[str, str], Entry]:
        if path not in self._entries:
            self._entries[path] = {
                (SECTIONS[entry.definition.section].resource_type, tracking_id_of(entry, entry.name)): entry
                for entry in file_entries(path, self._files)
            }
        return self._entries[path]


def _names(tracking_id: str) -> Iterator[str]:
    """The tracking id, and those without the `.ELEMENT`s that a kind may have added to its name."""
    yield tracking_id
    before, _, environment = tracking_id.rpartition("/")
    service, _, name = before.rpartition("/")
    while "." in name:
        name = name.rpartition(".")[0]
        yield f"{service}/{name}/{environment}"


def _written(entry: Entry, payload_path: Place, resource: Resource) -> tuple[Document, Place] | None:
    """The document and the place that set the field; None where no layer does."""
    if len(payload_path) == len(_A_TAG) and payload_path[0] == _A_TAG[0]:
        return _written_tag(entry, payload_path, resource)
    for place in _candidates(payload_path):
        if _has(entry.fields, place):
            layer, written = setting_layer(entry.layers, place)
            return layer.document, written
    return None


def _written_tag(entry: Entry, payload_path: Place, resource: Resource) -> tuple[Document, Place] | None:
    """Tags add up over the layers and with our own, so that one is found by its text; else where there are any."""
    tags, index = resource.payload.get("tags"), payload_path[1]
    tag = tags[index] if isinstance(tags, list) and isinstance(index, int) and index < len(tags) else None
    for layer in reversed(entry.layers):
        own = layer.fields.get("tags")
        if isinstance(own, list) and tag in own:
            place = (*layer.place, "tags", _last(own, tag))
            return layer.document, place
    return _written(entry, payload_path[:1], resource)


def _last(values: list[object], value: object) -> int:
    return len(values) - 1 - values[::-1].index(value)


def _start_in(text: str, excerpt: Excerpt) -> int | None:
    """Where a written text has what is marked in the one that it became: at the same offset, or once in both."""
    if text[: excerpt.end] == excerpt.text[: excerpt.end]:
        return excerpt.start
    part = excerpt.text[excerpt.start : excerpt.end]
    is_unique = bool(part) and text.count(part) == 1 and excerpt.text.count(part) == 1
    return text.index(part) if is_unique else None


def _candidates(payload_path: Place) -> Iterator[Place]:
    """A kind's field bears the name of Datadog's, or of the option; else the group that it is in."""
    bare = payload_path[1:] if payload_path[:1] == ("options",) else payload_path
    for path in (payload_path, bare):
        yield from (path[:length] for length in range(len(path), 0, -1))


def _has(fields: Any, place: Place) -> bool:
    for step in place:
        is_within = step in fields if isinstance(fields, Mapping) else _is_index(step, fields)
        if not is_within:
            return False
        fields = fields[step]
    return True


def _is_index(step: object, fields: object) -> bool:
    return isinstance(step, int) and isinstance(fields, list) and 0 <= step < len(fields)
