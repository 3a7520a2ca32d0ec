"""What PyYAML says about text that is no YAML, in words that help.

libyaml and the Python parser word their errors differently, so the rows match on what both say.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import msgspec
import yaml

from generator.source.places import line_and_column
from generator.source.text_problem import TextProblem
from generator.source.wording import in_quotes, shown

_INDENT_HINT: Final = "keys of one mapping, and dashes of one list, start in the same column"
_ANY_HINT: Final = "quote a text that holds `:`, `#`, quotes or brackets"
_TAB_HINT: Final = "YAML indents with spaces only: replace each tab by two spaces"
_QUOTED_AND_MORE: Final = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')[ \t]*$""")
_COLON: Final = re.compile(r":[ \t]")


class _Scene(msgspec.Struct, frozen=True):
    """An error with its surroundings: offsets of the problem and of where the broken thing began."""

    text: str
    starts: tuple[int, ...]
    at: int
    begin: int

    @property
    def character(self) -> str:
        return self.text[self.at : self.at + 1]

    @property
    def before(self) -> str:
        """The line up to the problem."""
        return self.text[self.starts[line_and_column(self.starts, self.at)[0] - 1] : self.at]

    @property
    def rest(self) -> str:
        """The line from the problem on."""
        return self.text[self.at : self.at + 400].split("\n", 1)[0].rstrip()

    @property
    def begin_line(self) -> int:
        return line_and_column(self.starts, self.begin)[0]


class _Words(msgspec.Struct, frozen=True):
    message: str
    hint: str
    start: int = -1
    """Where the mark stands, if not where reading stopped."""


_Telling = Callable[[_Scene], _Words]


def _cannot_start(scene: _Scene) -> _Words:
    if scene.character == "\t":
        return _tab(scene)
    if scene.character == "`":
        return _Words("a text cannot start with a backtick", "put it into double quotes")
    return _Words(f"a text cannot start with {shown(scene.character)}", f"quote it: {in_quotes(scene.rest)}")


def _tab(_: _Scene) -> _Words:
    return _Words("a tab stands where YAML wants spaces", _TAB_HINT)


def _second_colon(scene: _Scene) -> _Words:
    if _COLON.search(scene.before):
        value = _COLON.split(scene.before, maxsplit=1)[1].lstrip()
        hint = f"quote a text that holds `: `, here {in_quotes(value + scene.rest)}"
        return _Words("this `:` would start a mapping inside a text", hint)
    hint = "end the line above with `:` if this line is its value; else start this line in the column of the keys above"
    message = "this key belongs to no mapping: the text of the line above runs on to here"
    return _Words(message, hint, start=scene.at - len(scene.before.lstrip()))


def _no_key(scene: _Scene) -> _Words:
    if scene.character in {"}", "]"}:
        return _Words(f"this {shown(scene.character)} closes nothing", "remove it, or quote the text that holds it")
    if _QUOTED_AND_MORE.search(scene.before[-400:]):
        hint = 'put the whole value into one pair of quotes; inside double quotes write `\\"` for a quote'
        return _Words("text stands after the closing quote", hint)
    if scene.character == ":":
        return _Words("a key is missing before this `:`", "write the key, or quote a text that starts with `:`")
    if scene.before.strip():
        return _Words("text stands after the end of a value", "put the whole value into quotes")
    if scene.character == "-":
        return _Words("a list entry stands where a key like `name:` belongs", _INDENT_HINT)
    return _Words(f"this line starts in another column than the mapping of line {scene.begin_line}", _INDENT_HINT)


def _no_value(scene: _Scene) -> _Words:
    if not scene.character.strip():
        return _Words("a value is missing here", "write the value")
    hint = "write the value first, or quote the text that holds it"
    return _Words(f"{shown(scene.character)} stands where a value belongs", hint)


def _no_dash(scene: _Scene) -> _Words:
    return _Words(f"a `- ` of the list that starts in line {scene.begin_line} belongs here", _INDENT_HINT)


def _not_closed(scene: _Scene) -> _Words:
    bracket = scene.text[scene.begin : scene.begin + 1]
    closing = {"[": "]", "{": "}"}.get(bracket, bracket)
    hint = f"add `{closing}`, or a `,` between its parts; quote a text that starts with `{bracket}` or holds `,`"
    return _Words(f"this `{bracket}` is not closed, or a `,` is missing after it", hint, start=scene.begin)


def _quote_not_closed(scene: _Scene) -> _Words:
    quote = shown(scene.text[scene.begin : scene.begin + 1])
    return _Words(f"this quote {quote} is never closed", f"add the closing {quote}", start=scene.begin)


def _escape(scene: _Scene) -> _Words:
    line = scene.before + scene.rest
    found = shown(line[line.rfind("\\", 0, len(scene.before) + 1) :][:2])
    return _Words(f"{found} is no escape in double quotes", "write `\\\\` for a backslash, or use single quotes")


def _star(scene: _Scene) -> _Words:
    word = scene.text[scene.begin : scene.begin + 400].split("\n", 1)[0].rstrip()
    message = f"a text cannot start with {shown(word[:1])}, which marks an alias or anchor in YAML"
    return _Words(message, f"quote it: {in_quotes(word)}", start=scene.begin)


def _no_colon(scene: _Scene) -> _Words:
    line = scene.text[scene.begin : scene.begin + 400].split("\n", 1)[0].rstrip()
    hint = "add the `:` after the key; a text that runs over lines needs `|` above it"
    return _Words(f"{shown(line)} is neither a key nor a value: no `:` follows", hint, start=scene.begin)


def _after_block_mark(scene: _Scene) -> _Words:
    hint = "start the text in the next line, indented; only `-`, `+` or a digit follows `|` or `>`"
    return _Words(f"{shown(scene.rest)} cannot follow `|` or `>`", hint)


def _dash_here(_: _Scene) -> _Words:
    return _Words("a list cannot start here", "start the list in the next line, or quote a text that starts with `- `")


def _tag(scene: _Scene) -> _Words:
    hint = "remove the tag; quote a text that starts with `!`"
    return _Words(f"tag {shown(scene.rest.split(' ')[0])} is not read here", hint)


def _more_text(_: _Scene) -> _Words:
    return _Words("text stands after the end of the value", "remove it, or put it into the value")


_TELLINGS: Final[tuple[tuple[str, _Telling], ...]] = (
    ("cannot start any token", _cannot_start),
    ("tab character", _tab),
    ("mapping values are not allowed", _second_colon),
    ("node content", _no_value),
    ("',' or ", _not_closed),
    ("scanning a quoted scalar: found unexpected", _quote_not_closed),
    ("found unexpected end of stream", _quote_not_closed),
    ("found unexpected document", _quote_not_closed),
    ("unknown escape", _escape),
    ("escape sequence", _escape),
    ("expected escape", _escape),
    ("hexdecimal", _escape),
    ("hexadecimal", _escape),
    ("Unicode character escape", _escape),
    ("scanning an alias", _star),
    ("scanning an anchor", _star),
    ("could not find expected ':'", _no_colon),
    ("scanning a block scalar", _after_block_mark),
    ("block sequence entries are not allowed", _dash_here),
    ("sequence entries are not allowed", _dash_here),
    ("tag", _tag),
    ("document start", _more_text),
    ("'-' indicator", _no_dash),
    ("parsing a block collection", _no_dash),
    ("did not find expected key", _no_key),
    ("parsing a block mapping", _no_key),
)


def syntax_problem(text: str, starts: tuple[int, ...], error: yaml.MarkedYAMLError) -> TextProblem:
    at = _offset(starts, error.problem_mark, len(text))
    scene = _Scene(text, starts, at, _offset(starts, error.context_mark or error.problem_mark, len(text)))
    said = f"{error.context or ''}: {error.problem or ''}"
    telling = next((telling for words, telling in _TELLINGS if words in said), None)
    words = telling(scene) if telling else _Words(f"this is no YAML: {error.problem}", _ANY_HINT)
    start = at if words.start < 0 else words.start
    end = at if start < at and "\n" not in text[start:at] else min(start + 1, len(text))
    return TextProblem("yaml-syntax", words.message, words.hint, start, end)


def _offset(starts: tuple[int, ...], mark: yaml.Mark | None, length: int) -> int:
    """The problem may stand in a line after the last."""
    if mark is None or mark.line >= len(starts):
        return length
    return min(starts[mark.line] + mark.column, length)
