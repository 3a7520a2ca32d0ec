"""A YAML file as plain values, and the place of each. `load` is where reading starts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from generator.finding import Finding, Related, Severity, Span, in_reading_order
from generator.source.building import build
from generator.source.encoding import decode_text
from generator.source.events import Value
from generator.source.places import Node, Place, line_and_column, line_starts, locate
from generator.source.syntax_errors import syntax_problem
from generator.source.text_problem import TextProblem

__all__ = ["Document", "Place", "load"]

_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)+")

_VERBATIM_STYLES = ("", "'", '"')


@dataclass(frozen=True)
class Document:
    """A file as read. `root` is None where nothing could be read; the findings then say why."""

    path: str
    text: str = field(repr=False)
    root: Value = field(repr=False)
    findings: tuple[Finding, ...]
    lines: dict[Place, int] = field(repr=False, default_factory=dict)

    def span(self, place: Place) -> Span:
        """Of the value, or of its key where the value is empty. A missing place is shown where it would belong."""
        node = self._node(place)
        if node is None:
            return self._of_parent(place[:-1])
        if node.start == node.end and node.has_key:
            return self._between(node.key_start, node.key_end)
        return self._between(node.start, node.end)

    def key_span(self, place: Place) -> Span:
        """Of the key; an entry of a list has none, so it gives the entry."""
        node = self._node(place)
        if node is None:
            return self._of_parent(place[:-1])
        if node.has_key:
            return self._between(node.key_start, node.key_end)
        return self._between(node.start, node.end)

    def line(self, place: Place) -> int:
        """Of the key, or of the entry of a list."""
        found = self.lines.get(place)
        return self.key_span(place).line if found is None else found

    def span_within(self, place: Place, start: int, end: int) -> Span | None:
        """Where characters `start` to `end` of a text value stand; None if the file writes the value differently."""
        node = self._node(place)
        value = self.value(place)
        if node is None or not isinstance(value, str) or not 0 <= start <= end <= len(value):
            return None
        if node.style == "|":
            return self._within_literal(node, value, start, end)
        offset = self._offset_of(node, value)
        return None if offset is None else self._between(offset + start, offset + end, trim=False)

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return line_starts(self.text)

    @cached_property
    def _tree(self) -> Node:
        return locate(self.text)

    def _node(self, place: Place) -> Node | None:
        node: Node | None = self._tree
        for step in place:
            if node is None or node.children is None:
                return None
            node = node.children.get(step)
        return node

    def value(self, place: Place) -> Value:
        """None for a missing place."""
        value = self.root
        for step in place:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def _of_parent(self, place: Place) -> Span:
        """The key of the nearest parent there is, or the first line of one without a key."""
        node = self._node(place)
        while node is None:
            place = place[:-1]
            node = self._node(place)
        if node.has_key:
            return self._between(node.key_start, node.key_end)
        line_end = re.compile(r"$", re.MULTILINE).search(self.text, node.start)
        return self._between(node.start, min(node.end, line_end.start() if line_end else node.end))

    def _between(self, start: int, end: int, *, trim: bool = True) -> Span:
        if trim:
            end = start + (len(self.text[start:end].rstrip()) or end - start)
        line, column = line_and_column(self._starts, start)
        end_line, end_column = line_and_column(self._starts, end)
        return Span(self.path, line, column, end_line, end_column)

    def _offset_of(self, node: Node, value: str) -> int | None:
        """The offset of the value's first character, if the file has it as one equal stretch."""
        if node.style not in _VERBATIM_STYLES:
            return None
        written = self.text[node.start : node.end]
        properties = _PROPERTIES.match(written)
        start = properties.end() if properties else 0
        start += len(node.style)
        return node.start + start if written[start : len(written) - len(node.style)] == value else None

    def _within_literal(self, node: Node, value: str, start: int, end: int) -> Span | None:
        first = line_and_column(self._starts, node.start)[0]
        contents = value.split("\n")
        indent = self._indent(first, contents)
        offsets = []
        for number, content in enumerate(contents):
            begin = self._line_begin(first + number) + (indent if content else 0)
            if content and self.text[begin : begin + len(content)] != content:
                return None
            offsets.append(begin)
        return self._between(_in_lines(contents, offsets, start), _in_lines(contents, offsets, end), trim=False)

    def _indent(self, first: int, contents: list[str]) -> int:
        """How far the literal text stands to the right, read off its first line that is not empty."""
        for number, content in enumerate(contents):
            if content:
                begin, end = self._line_begin(first + number), self._line_end(first + number)
                return max(0, len(self.text[begin:end].rstrip("\r\n")) - len(content))
        return 0

    def _line_begin(self, line_index: int) -> int:
        return self._starts[line_index] if line_index < len(self._starts) else len(self.text)

    def _line_end(self, line_index: int) -> int:
        return self._line_begin(line_index + 1)


def _in_lines(contents: list[str], offsets: list[int], position: int) -> int:
    for content, offset in zip(contents, offsets, strict=True):
        if position <= len(content):
            return offset + position
        position -= len(content) + 1
    return offsets[-1]


def load(path: str, content: bytes) -> Document:
    """Read a file; what is wrong with it is among the findings, never raised."""
    decoded = decode_text(content)
    if decoded.readable is None:
        return _with_findings(Document(path, decoded.text, None, ()), decoded.problems)
    built = build(decoded.readable)
    problems = decoded.problems + built.problems
    if built.error is not None:
        problems += (syntax_problem(decoded.readable, line_starts(decoded.readable), built.error),)
    elif built.root is None and not problems:
        problems = (_NOTHING,)
    return _with_findings(Document(path, decoded.text, built.root, (), built.lines), problems)


_NOTHING = TextProblem("yaml-empty", "the file holds nothing", "delete it, or write what it should hold", 0, 0)


def _with_findings(document: Document, problems: tuple[TextProblem, ...]) -> Document:
    if not problems:
        return document
    findings = in_reading_order(tuple(_finding(document, problem) for problem in problems))
    return Document(document.path, document.text, document.root, findings, document.lines)


def _finding(document: Document, problem: TextProblem) -> Finding:
    span = document._between(problem.start, problem.end)  # noqa: SLF001 - the rest of Document's own module
    related: tuple[Related, ...] = ()
    if problem.first is not None:
        related = (Related(document.key_span(problem.first), "the first one"),)
    return Finding(problem.rule, Severity.ERROR, problem.message, span, problem.hint, related=related)
