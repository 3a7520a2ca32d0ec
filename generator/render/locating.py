"""From a field of a rendered resource back to the YAML that set it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.finding import Excerpt, Span
from generator.render.entries import Entry
from generator.render.files import file_resources
from generator.render.layers import setting_layer
from generator.render.model import Resource
from generator.source.documents import Document, Place
from generator.source.reader import Files


class Locator:
    """Renders a file again the first time that a place in it is asked for."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._entries: dict[str, Mapping[tuple[str, str], Entry]] = {}

    def __call__(self, resource: Resource, payload_path: Place) -> Span:
        """The place of a payload's field, or of the resource's name where the field comes from no layer."""
        entry = self._entry(resource)
        if entry is None:
            return Span(resource.path, resource.line, 1, resource.line, 1)
        written = _written(entry, payload_path)
        if written is None:
            return entry.definition.document.key_span(entry.definition.place)
        document, place = written
        return document.span(place)

    def marked(self, resource: Resource, payload_path: Place, excerpt: Excerpt) -> Span | None:
        """Where the YAML has the marked part of a payload's text; None where it does not have it as it stands."""
        entry = self._entry(resource)
        written = _written(entry, payload_path) if entry else None
        if written is None:
            return None
        document, place = written
        text = document.value(place)
        start = _start_in(text, excerpt) if isinstance(text, str) else None
        return None if start is None else document.span_within(place, start, start + excerpt.end - excerpt.start)

    def _entry(self, resource: Resource) -> Entry | None:
        return self._entries_of(resource.path).get((resource.resource, resource.tracking_id))

    def _entries_of(self, path: str) -> Mapping[tuple[str, str], Entry]:
        if path not in self._entries:
            rendered = file_resources(path, self._files)
            self._entries[path] = {
                (made.resource, made.tracking_id): entry for entry, resources in rendered for made in resources
            }
        return self._entries[path]


def _written(entry: Entry, payload_path: Place) -> tuple[Document, Place] | None:
    """The document and the place that set the field; None where no layer does."""
    for place in _candidates(payload_path):
        if _has(entry.fields, place):
            layer, written = setting_layer(entry.layers, place)
            return layer.document, written
    return None


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


def _has(fields: object, place: Place) -> bool:
    for step in place:
        if not isinstance(fields, Mapping) or step not in fields:
            return False
        fields = fields[step]
    return True
