"""The YAML that would keep edits: what is written is rendered, to see that it is those edits and nothing else.

An edit is made where its value stands, else as a field of the monitor or of its `for_each` element, where that is what
all their environments have become; else as what differs in its environment. A guess that is wrong does not render to
what is live, and is given up.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from generator.plan.field_values import edited_fields
from generator.plan.in_place import edits_in_place
from generator.plan.model import Drift
from generator.render.entries import Entry
from generator.render.locating import Locator
from generator.render.model import FileRendering, Resource
from generator.render.project import Project, load_project
from generator.render.renderer import file_rendering, own_files
from generator.resources.types import resource_types
from generator.source.documents import Place, load
from generator.source.encoding import decode_text
from generator.source.reader import Files
from generator.source.writing import edited, with_values

Key = tuple[str, str]
"""Resource type and tracking id."""


class Kept(NamedTuple):
    """A file with edits in it, without them, and the resources that they were made of."""

    path: str
    before: bytes
    content: bytes
    keys: frozenset[Key]


class _Edited(NamedTuple):
    """A resource, where the YAML says it, and what became of it."""

    drift: Drift
    resource: Resource
    entry: Entry


class _Draft:
    """The files with what is kept so far; one is read and rendered again only after it has changed."""

    def __init__(self, files: Files, project: Project) -> None:
        self.files = dict(files)
        self.project = project
        self._renderings: dict[str, FileRendering] = {}
        self._locator = Locator(files)

    @property
    def locator(self) -> Locator:
        return self._locator

    def rendering(self, path: str) -> FileRendering:
        if path not in self._renderings:
            self._renderings[path] = self.rendered(path, self.files[path])
        return self._renderings[path]

    def rendered(self, path: str, content: bytes) -> FileRendering:
        return file_rendering(path, {**self.files, path: content}, self.project, None)

    def take(self, path: str, content: bytes) -> None:
        self.files[path] = content
        self._renderings.pop(path, None)
        self._locator = Locator(self.files)

    def text(self, path: str) -> str:
        return decode_text(self.files[path]).text


Pending = Mapping[Key, Drift]
Guess = Callable[[_Draft, _Edited, Pending], Iterator[str | None]]


def kept(files: Files, drift: Sequence[Drift], resources: Sequence[Resource]) -> Iterator[Kept]:
    """The files with one edit after the other that can be put there without doing anything else.

    `files` is the whole project, `resources` what they render to. What all environments share comes first, so that
    edits that differ become what differs in each environment.
    """
    project, _ = load_project(files)
    if project is None:
        return
    draft, own = _Draft(files, project), frozenset(own_files(files))
    known = {(each.resource, each.tracking_id): each for each in resources if each.path in own}
    pending = {key: each for each in drift if each.live is not None and (key := _key(each)) in known}
    for guess in (_in_place, _of_all, _of_one):
        for key in tuple(pending):
            made = _first(draft, guess, known[key], pending) if key in pending else None
            if made is not None:
                draft.take(made.path, made.content)
                pending = {each: left for each, left in pending.items() if each not in made.keys}
                yield made


def _key(drift: Drift) -> Key:
    return drift.resource, drift.tracking_id


def _first(draft: _Draft, guess: Guess, resource: Resource, pending: Pending) -> Kept | None:
    entry = draft.locator.entry(resource)
    if entry is None:
        return None
    key = (resource.resource, resource.tracking_id)
    before = draft.files[resource.path]
    mark = BOM_UTF8 if before.startswith(BOM_UTF8) else b""
    for text in guess(draft, _Edited(pending[key], resource, entry), pending):
        content = before if text is None else mark + text.encode(errors="replace")
        keys = _what_it_keeps(draft, resource.path, content, pending) if content != before else frozenset()
        if key in keys:
            return Kept(resource.path, before, content, keys)
    return None


# Where an edit may stand.


def _in_place(draft: _Draft, of: _Edited, _pending: Pending) -> Iterator[str | None]:
    text = draft.text(of.resource.path)
    yield edited(text, list(edits_in_place(draft.locator, text, of.drift, of.resource)))


def _of_all(draft: _Draft, of: _Edited, pending: Pending) -> Iterator[str | None]:
    """Of the monitor in all its environments, or of its element; only where none of them was left as it was."""
    definition = of.entry.definition
    place: Place = (definition.section, definition.name)
    siblings = [
        (entry, (each.resource, each.tracking_id))
        for each in draft.rendering(of.resource.path).resources
        if (entry := draft.locator.entry(each)) is not None and entry.definition is definition
    ]
    if all(key in pending for _, key in siblings):
        yield from _written(draft, of, place, place)
    if of.entry.element and all(key in pending for entry, key in siblings if entry.element == of.entry.element):
        element = (*place, "for_each", of.entry.element)
        yield from _written(draft, of, element, element)


def _of_one(draft: _Draft, of: _Edited, _pending: Pending) -> Iterator[str | None]:
    definition = of.entry.definition
    group: Place = (definition.section, definition.name, "environments")
    yield from _written(draft, of, (*group, of.entry.environment), group)


def _written(draft: _Draft, of: _Edited, place: Place, group: Place) -> Iterator[str | None]:
    """The file with the edited fields at the place; `group` is what of it is written whole."""
    if of.entry.definition.section != "monitors":
        return
    document = load(of.resource.path, draft.files[of.resource.path])
    for fields in edited_fields(of.entry, *_forms(of)):
        told = document.value((*place, "tags"))
        more = {"tags": [*told, *fields["tags"]]} if "tags" in fields and isinstance(told, list) else {}
        values: dict[str, Any] = {**fields, **more}
        if place != group:
            values = _among_environments(of.entry, values)
        for step in reversed(group):
            values = {str(step): values}
        yield with_values(document, values)


def _among_environments(entry: Entry, values: dict[str, Any]) -> dict[str, Any]:
    """A list of environments becomes a mapping, which says of the others whether it exists there."""
    listed = entry.placement.environments
    if not isinstance(listed, list):
        return {entry.environment: values}
    return {name: values if name == entry.environment else name in listed for name in entry.around.environments}


def _forms(of: _Edited) -> tuple[dict[str, Any], dict[str, Any]]:
    kind = resource_types()[of.drift.resource]
    marked = kind.tracked(of.resource.payload, of.resource.tracking_id)
    return kind.comparable(marked, marked), kind.comparable(of.drift.live or {}, marked)


# What comes of it.


def _what_it_keeps(draft: _Draft, path: str, content: bytes, pending: Pending) -> frozenset[Key]:
    """What the file would change, where each of that becomes what is live; else nothing."""
    before, after = draft.rendering(path), draft.rendered(path, content)
    if len(after.findings) > len(before.findings) or after.broken != before.broken:
        return frozenset()
    was, now = _by_key(before), _by_key(after)
    if was.keys() != now.keys() or any(_placed(was[key]) != _placed(now[key]) for key in was):
        return frozenset()
    changed = frozenset(key for key in was if was[key].payload != now[key].payload)
    return changed if all(key in pending and _is_live(now[key], pending[key]) for key in changed) else frozenset()


def _by_key(rendering: FileRendering) -> dict[Key, Resource]:
    return {(each.resource, each.tracking_id): each for each in rendering.resources}


def _placed(resource: Resource) -> tuple[object, ...]:
    return resource.adopt, resource.previous_ids


def _is_live(resource: Resource, drift: Drift) -> bool:
    kind = resource_types()[drift.resource]
    marked = kind.tracked(resource.payload, resource.tracking_id)
    return kind.comparable(marked, marked) == kind.comparable(drift.live or {}, marked)
