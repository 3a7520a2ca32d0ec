"""Where each value and key of a YAML text stands, found by reading the text again, only once a finding needs it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

import yaml

from generator.source.events import DEPTH_LIMIT, Event, events

Place = tuple[str | int, ...]

_LINE_BREAK = re.compile(r"\r\n|\r|\n")


class Node:
    """A value: offsets of itself and of its key in the text, `start == end` for an absent value."""

    __slots__ = ("children", "end", "flow", "key_end", "key_start", "start", "style")

    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end
        self.key_start = -1
        self.key_end = -1
        self.style = ""
        self.flow = False
        self.children: dict[str | int, Node] | None = None

    @property
    def has_key(self) -> bool:
        return self.key_start >= 0


class _Level:
    """An open collection; `key` is the key that waits for its value."""

    __slots__ = ("key", "key_end", "key_start", "mapping", "node", "size")

    def __init__(self, node: Node, *, mapping: bool) -> None:
        self.node = node
        self.mapping = mapping
        self.key: str | None = None
        self.key_start = -1
        self.key_end = -1
        self.size = 0


class _Locator:
    def __init__(self) -> None:
        self.root: Node | None = None
        self.open: list[_Level] = []
        self.anchors: dict[str, Node] = {}
        self.last_end = 0

    def read(self, found: Iterator[Event]) -> None:
        for event in found:
            if isinstance(event, yaml.ScalarEvent):
                self._scalar(event)
            elif isinstance(event, yaml.AliasEvent):
                self._alias(event)
            elif isinstance(event, yaml.CollectionStartEvent):
                self._opened(event)
                if len(self.open) > DEPTH_LIMIT:
                    return
            elif isinstance(event, yaml.CollectionEndEvent):
                self._closed(event)
            elif isinstance(event, yaml.DocumentEndEvent):
                return

    def _scalar(self, event: Event) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        if self._is_key():
            level = self.open[-1]
            level.key, level.key_start, level.key_end = event.value, start, end
            return
        node = Node(start, end)
        node.style = event.style or ""
        self._attach(node, event.anchor)

    def _alias(self, event: Event) -> None:
        node = Node(event.start_mark.index, event.end_mark.index)
        target = self.anchors.get(event.anchor)
        node.flow = True
        node.children = target.children if target is not None else None
        if self._is_key():
            self._skip_key(node)
        else:
            self._attach(node, None)

    def _opened(self, event: Event) -> None:
        node = Node(event.start_mark.index, event.end_mark.index)
        node.children = {}
        node.flow = bool(event.flow_style)
        if self._is_key():
            self._skip_key(node)
        else:
            self._attach(node, event.anchor)
        self.open.append(_Level(node, mapping=isinstance(event, yaml.MappingStartEvent)))

    def _closed(self, event: Event) -> None:
        node = self.open.pop().node
        node.end = event.end_mark.index if node.flow else self.last_end
        self.last_end = max(self.last_end, node.end)

    def _is_key(self) -> bool:
        return bool(self.open) and self.open[-1].mapping and self.open[-1].key is None

    def _skip_key(self, node: Node) -> None:
        """A key that is not text names no place."""
        level = self.open[-1]
        level.key, level.key_start, level.key_end = "", node.start, node.end

    def _attach(self, node: Node, anchor: str | None) -> None:
        if anchor is not None:
            self.anchors[anchor] = node
        self.last_end = max(self.last_end, node.end)
        if not self.open:
            self.root = node
            return
        level = self.open[-1]
        children = level.node.children
        if children is None:
            return
        if level.mapping:
            node.key_start, node.key_end = level.key_start, level.key_end
            self.last_end = max(self.last_end, level.key_end)
            children.setdefault(level.key or "", node)
            level.key = None
        else:
            children[level.size] = node
            level.size += 1


def locate(text: str) -> Node:
    """The tree of places of the text, as far as YAML can read it."""
    locator = _Locator()
    try:
        locator.read(events(text))
    except yaml.YAMLError:
        while locator.open:
            locator.open.pop().node.end = locator.last_end
    return locator.root or Node(0, 0)


def line_starts(text: str) -> tuple[int, ...]:
    return (0, *(found.end() for found in _LINE_BREAK.finditer(text)))


def line_and_column(starts: tuple[int, ...], offset: int) -> tuple[int, int]:
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1
