"""YAML events → plain values in one pass. It keeps only the lines of the upper keys; problems carry their offsets."""

from __future__ import annotations

from typing import Any, Final

import msgspec
import yaml

from generator.source.aliases import extent
from generator.source.boundaries import directive_problem, rest_problem
from generator.source.events import DEPTH_LIMIT, Event, Value, events
from generator.source.places import Place
from generator.source.scalars import Refused, plain_scalar
from generator.source.text_problem import TextProblem
from generator.source.wording import in_quotes, shown

ALIAS_NODE_LIMIT: Final = 100_000
PROBLEM_LIMIT: Final = 100
LINE_DEPTH: Final = 3


class Built(msgspec.Struct, frozen=True):
    root: Any
    lines: dict[Place, int]
    problems: tuple[TextProblem, ...]
    error: yaml.MarkedYAMLError | None


class _Unreadable(Exception):  # noqa: N818 - it ends the reading and never leaves this module
    """The text cannot be read further; the reason is among the problems."""


class _Ignored:
    """Stands for a key whose value is dropped; no text equals it."""


_IGNORED: Final[Any] = _Ignored()
_OPEN: Final = object()
_UNKNOWN: Final = object()


class _Builder:
    """`container` is the innermost open collection; the outer ones wait in `outer`."""

    def __init__(self) -> None:
        self.root: Any = None
        self.container: Any = None
        self.mapping = False
        self.wants_key = False
        self.key: Any = None
        self.place: Place | None = ()
        self.anchor: str | None = None
        self.outer: list[tuple[Any, bool, bool, Any, Place | None, str | None]] = []
        self.lines: dict[Place, int] = {}
        self.problems: list[TextProblem] = []
        self.known: dict[str, Any] = {}
        self.anchors: dict[str, Any] = {}
        self.alias_nodes = 0
        self.with_ignored: list[dict[Any, Any]] = []

    def read(self, text: str) -> None:
        self.stop_at(directive_problem(text))
        actions = {
            yaml.ScalarEvent: self.scalar,
            yaml.MappingStartEvent: self.mapping_start,
            yaml.SequenceStartEvent: self.sequence_start,
            yaml.MappingEndEvent: self.collection_end,
            yaml.SequenceEndEvent: self.collection_end,
            yaml.AliasEvent: self.alias,
        }
        for event in events(text):
            kind = type(event)
            if kind in actions:
                actions[kind](event)
            elif kind is yaml.DocumentEndEvent:
                self.stop_at(rest_problem(text, event.end_mark.index))
                return

    def scalar(self, event: Event) -> None:
        value = event.value
        if not event.style:
            plain = self.known.get(value, _UNKNOWN)
            if plain is _UNKNOWN:
                plain = self.known[value] = plain_scalar(value)
            value = plain
        if event.tag is not None:
            self.refuse_tag(event)
        if self.wants_key:
            self.take_key(value, event)
            return
        if type(value) is Refused:
            self.problem(event, value.rule, value.message, value.hint)
            value = value.stand_in
        if event.anchor is not None:
            self.anchors[event.anchor] = value
        self.attach(value, event)

    def take_key(self, key: Value, event: Event) -> None:
        self.wants_key = False
        if type(key) is not str:
            self.refuse_key(event, *_key_words(event.value))
        elif key == "<<" and not event.style:
            hint = "write the fields out, or share them through a set in `monitors/sets/` or `for_each`"
            self.refuse_key(event, "`<<` merges mappings only in YAML 1.1", hint, rule="yaml-merge-key")
        elif key in self.container:
            hint = "remove one of them, or rename it"
            first = (*self.path(), key)
            message = f"key {shown(key)} stands twice in one mapping"
            self.refuse_key(event, message, hint, rule="yaml-duplicate-key", first=first)
        else:
            self.key = key
            if self.place is not None:
                self.lines[*self.place, key] = event.start_mark.line + 1

    def mapping_start(self, event: Event) -> None:
        self.open({}, event, mapping=True)

    def sequence_start(self, event: Event) -> None:
        self.open([], event, mapping=False)

    def open(self, container: Value, event: Event, *, mapping: bool) -> None:
        if len(self.outer) >= DEPTH_LIMIT:
            hint = "split the value, or move a part of it up"
            self.problem(event, "yaml-too-deep", f"values nest deeper than {DEPTH_LIMIT} levels here", hint)
            raise _Unreadable
        if self.wants_key:
            self.refuse_key(event, "a list or mapping stands where a key belongs", _BRACES_HINT)
            self.wants_key = True
        if event.tag is not None:
            self.refuse_tag(event)
        if event.anchor is not None:
            self.anchors[event.anchor] = _OPEN
        place = self.place
        self.outer.append((self.container, self.mapping, self.wants_key, self.key, place, self.anchor))
        if place is not None and self.container is not None:
            if not self.mapping:
                self.lines[*place, len(self.container)] = event.start_mark.line + 1
            self.place = self.place_below(place) if len(place) < LINE_DEPTH - 1 else None
        self.container, self.anchor = container, event.anchor
        self.mapping = self.wants_key = mapping

    def place_below(self, place: Place) -> Place | None:
        if not self.mapping:
            return (*place, len(self.container))
        if self.wants_key or self.key is _IGNORED:
            return None
        return (*place, self.key)

    def collection_end(self, event: Event) -> None:
        value, anchor = self.container, self.anchor
        self.container, self.mapping, self.wants_key, self.key, self.place, self.anchor = self.outer.pop()
        if anchor is not None:
            self.anchors[anchor] = value
        if self.wants_key:
            self.wants_key = False
        else:
            self.attach(value, event)

    def alias(self, event: Event) -> None:
        name = event.anchor
        value = self.anchors.get(name, _UNKNOWN)
        if value is _UNKNOWN:
            self.problem(event, "yaml-alias", f"alias {shown('*' + name)} has no anchor above it", _alias_hint(name))
            value = None
        elif value is _OPEN:
            hint = "repeat a value that is complete, or write it out"
            self.problem(event, "yaml-alias", f"alias {shown('*' + name)} stands inside the value it repeats", hint)
            value = None
        else:
            self.count_alias(value, event)
        if self.wants_key:
            self.refuse_key(event, f"alias {shown('*' + name)} stands where a key belongs", "write the key out")
        else:
            self.attach(value, event)

    def count_alias(self, value: Value, event: Event) -> None:
        nodes, height = extent(value, ALIAS_NODE_LIMIT - self.alias_nodes)
        self.alias_nodes += nodes
        if self.alias_nodes > ALIAS_NODE_LIMIT:
            message = f"aliases repeat more than {ALIAS_NODE_LIMIT} values"
        elif len(self.outer) + height > DEPTH_LIMIT:
            message = f"this alias nests values deeper than {DEPTH_LIMIT} levels"
        else:
            return
        self.problem(event, "yaml-alias", message, "write the values out, or share them through a set")
        raise _Unreadable

    def attach(self, value: Value, event: Event) -> None:
        if self.mapping:
            self.container[self.key] = value
            self.wants_key = True
        elif self.container is None:
            self.root = value
        else:
            if self.place is not None:
                self.lines.setdefault((*self.place, len(self.container)), event.start_mark.line + 1)
            self.container.append(value)

    def path(self) -> Place:
        """The place of the innermost open collection."""
        steps: list[str | int] = []
        for container, mapping, _, key, _, _ in self.outer[1:]:
            steps.append(key if mapping else len(container))
        return tuple(steps)

    def refuse_key(
        self, event: Event, message: str, hint: str, *, rule: str = "yaml-key", first: Place | None = None
    ) -> None:
        self.problem(event, rule, message, hint, first=first)
        self.wants_key = False
        self.key = _IGNORED
        self.with_ignored.append(self.container)

    def refuse_tag(self, event: Event) -> None:
        hint = "remove the tag; quote a text that starts with `!`"
        self.problem(event, "yaml-tag", f"tag {shown(_written_tag(event.tag))} is not read here", hint)

    def problem(self, event: Event, rule: str, message: str, hint: str, *, first: Place | None = None) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        if len(self.problems) >= PROBLEM_LIMIT:
            text = f"more than {PROBLEM_LIMIT} problems; the rest of the file was not read"
            self.problems.append(TextProblem("yaml-too-many-problems", text, "mend these first", start, end))
            raise _Unreadable
        self.problems.append(TextProblem(rule, message, hint, start, end, first))

    def stop_at(self, problem: TextProblem | None) -> None:
        if problem is not None:
            self.problems.append(problem)
            raise _Unreadable


_BRACES_HINT: Final = "quote a text that starts with `{` or `[`"


def build(text: str) -> Built:
    """The value of a text. Where a problem is, the value goes without the thing or with a stand-in."""
    builder = _Builder()
    error = None
    readable = True
    try:
        builder.read(text)
    except _Unreadable:
        readable = False
    except yaml.MarkedYAMLError as found:
        readable, error = False, found
    for mapping in builder.with_ignored:
        mapping.pop(_IGNORED, None)
    return Built(builder.root if readable else None, builder.lines, tuple(builder.problems), error)


def _written_tag(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!", 1)


def _alias_hint(name: str) -> str:
    return f"quote a text that starts with `*`: {in_quotes('*' + name)}"


def _key_words(key: str) -> tuple[str, str]:
    if not key:
        return "a key is missing before this `:`", "write the key, or quote a text that starts with `:`"
    return f"key {shown(key)} is not text", f"quote it: {in_quotes(key)}"
