"""Values put into the text of a YAML file, so that its comments and its layout stay.

What is written is text that may not read back as it should, as where an alias repeats it: whoever asks reads it again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from generator.source.documents import Document
from generator.source.places import Node, locate
from generator.source.scalars import plain_scalar

_LONGEST_LINE = 110
_BARE = re.compile(r"\w[\w-]*", re.ASCII)
_WORDS_OF_YAML_1_1 = frozenset(("y", "n", "yes", "no", "on", "off"))


class Edit(NamedTuple):
    """Characters `start` to `end` of a file's text become `text`."""

    start: int
    end: int
    text: str


class _UnwritableError(Exception):
    """The value, or the place for it, is of a form that is left to people."""


def edited(text: str, edits: list[Edit]) -> str | None:
    """The text with edits that do not overlap; None where they do, or there are none."""
    ordered = sorted(set(edits))
    if not ordered or any(one.end > other.start for one, other in pairwise(ordered)):
        return None
    parts, position = [], 0
    for edit in ordered:
        parts += [text[position : edit.start], edit.text]
        position = edit.end
    return "".join((*parts, text[position:]))


def with_values(document: Document, values: Mapping[str, Any]) -> str | None:
    """The text of the file with the values in it, mappings merged key by key; None where they cannot be put there."""
    tree = locate(document.text)
    if not isinstance(document.root, dict) or not tree.children:
        return None
    try:
        return edited(document.text, list(_merged(document.text, tree, document.root, values)))
    except _UnwritableError:
        return None


def _merged(text: str, node: Node, present: Any, values: Mapping[str, Any]) -> Iterator[Edit]:
    children = node.children or {}
    missing = {key: value for key, value in values.items() if key not in children}
    for key, value in values.items():
        child = children.get(key)
        if child is None:
            continue
        if isinstance(value, Mapping) and isinstance(present[key], dict) and not _is_alias(text, child):
            yield from _merged(text, child, present[key], value)
        else:
            yield _replaced(text, child, value)
    if missing:
        yield _added(text, node, missing)


def _is_alias(text: str, node: Node) -> bool:
    return text[node.start : node.start + 1] == "*"


# Where it goes.


def _replaced(text: str, node: Node, value: Any) -> Edit:
    """A block gives way to one line, or to another block; a comment inside it would be lost."""
    end = _trimmed(text, node.start, node.end)
    is_block = node.children is not None and not node.flow and not _is_alias(text, node)
    if is_block and "#" in text[node.key_end : end]:
        raise _UnwritableError
    if is_block:
        return Edit(node.key_end, end, f": {_flow(value)}")
    if node.style in ("|", ">") and _is_block_text(value):
        return Edit(node.start, end, _block_text(value, _indent(text, node.key_start) + 2, _line_break(text)))
    return Edit(node.start, end, _flow(value))


def _added(text: str, node: Node, values: Mapping[str, Any]) -> Edit:
    children = [child for child in (node.children or {}).values() if child.has_key]
    if node.flow:
        if not children:
            return Edit(node.end - 1, node.end - 1, _flow_parts(values))
        last = max(_trimmed(text, each.start, each.end) for each in children)
        return Edit(last, last, f", {_flow_parts(values)}")
    if not children:
        raise _UnwritableError
    first = min(each.key_start for each in children)
    indent = first - (text.rfind("\n", 0, first) + 1)
    line_break = _line_break(text)
    end = _line_end(text, _trimmed(text, node.start, node.end))
    lines = (line for key, value in values.items() for line in _lines(key, value, indent, line_break))
    return Edit(end, end, "".join(f"{line_break}{line}" for line in lines))


def _trimmed(text: str, start: int, end: int) -> int:
    return start + len(text[start:end].rstrip())


def _line_end(text: str, position: int) -> int:
    """After what stands on the line, a comment too."""
    found = text.find("\n", position)
    end = len(text) if found < 0 else found
    return end - 1 if text[end - 1 : end] == "\r" else end


def _indent(text: str, position: int) -> int:
    line = text[text.rfind("\n", 0, position) + 1 : position]
    return len(line) - len(line.lstrip(" "))


def _line_break(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


# What it looks like.


def _lines(key: str, value: Any, indent: int, line_break: str) -> Iterator[str]:
    """One line where it fits; else mappings and texts of several lines as blocks."""
    start = f"{' ' * indent}{_scalar(key)}:"
    if _is_block_text(value):
        yield f"{start} {_block_text(value, indent + 2, line_break)}"
        return
    line = f"{start} {_flow(value)}"
    if isinstance(value, Mapping) and value and (len(line) > _LONGEST_LINE or _has_block_text(value)):
        yield start
        for inner, each in value.items():
            yield from _lines(inner, each, indent + 2, line_break)
    else:
        yield line


def _has_block_text(value: Any) -> bool:
    return any(map(_has_block_text, value.values())) if isinstance(value, Mapping) else _is_block_text(value)


def _is_block_text(value: Any) -> bool:
    """Whether a block says it as it stands."""
    if not isinstance(value, str) or "\n" not in value:
        return False
    lines = value.split("\n")
    stands = all(line.isprintable() and line == line.rstrip() for line in lines)
    return stands and bool(lines[-1]) and not value[0].isspace()


def _block_text(value: str, indent: int, line_break: str) -> str:
    lines = (f"{' ' * indent}{line}" if line else "" for line in value.split("\n"))
    return "".join(("|-", *(f"{line_break}{line}" for line in lines)))


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{{{_flow_parts(value)}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_flow, value))}]"
    return _scalar(value)


def _flow_parts(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{_scalar(key)}: {_flow(value)}" for key, value in values.items())


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float):
        return number_text(value)
    if value is None or isinstance(value, bool | int):
        return json.dumps(value)
    raise _UnwritableError


def _text(value: str) -> str:
    """In quotes but for a plain word; what nobody sees in an editor is left to people."""
    if not all(each.isprintable() or each in "\n\t" for each in value):
        raise _UnwritableError
    is_word = _BARE.fullmatch(value) and plain_scalar(value) == value and value.lower() not in _WORDS_OF_YAML_1_1
    return value if is_word else json.dumps(value, ensure_ascii=False)


def number_text(value: float) -> str:
    """YAML 1.1 takes `1e-9` for text, and `1.0e-09` for a number, as YAML 1.2 does."""
    digits, exponent, power = repr(value).partition("e")
    return f"{digits}{'' if '.' in digits or not exponent else '.0'}{exponent}{power}"
