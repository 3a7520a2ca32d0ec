"""One tag: text in, what it means out. Equal tags are read once."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from generator.message.expression import expression_problem
from generator.message.nodes import (
    Argument,
    Call,
    Closing,
    Comment,
    Condition,
    Content,
    Else,
    Function,
    Literal,
    Path,
    Unreadable,
    Variable,
)
from generator.message.problem import MessageProblem, shown
from generator.message.vocabulary import CONDITIONS, FUNCTIONS, RAW, Arity

_LONGEST_TAG: Final = 4_000
_KEPT_TAGS: Final = 8_192
# Each alternative is found in one pass: a bracket or quote that is not closed is a sign of its own.
_TOKEN = re.compile(
    r"""\s*+(?:(?P<string>"[^"]*+"|'[^']*+')|(?P<path>(?:[^\s"'()\[\]=]|\[[^\[\]]*+\])++)|(?P<sign>[\S]))"""
)
_PART = re.compile(r"\[([^\[\]]*+)\]|([^.\[\]]++)")
_UNKNOWN: Final = Arity(0, 1_000_000, "")


class ReadTag(Struct, frozen=True):
    content: Content
    problems: tuple[MessageProblem, ...] = ()


class _Refusal(Exception):  # noqa: N818 - it never leaves the module; its value is a problem
    def __init__(self, message: str, span: tuple[int, int], hint: str = "") -> None:
        super().__init__(message)
        self.problem = MessageProblem(message, span[0], span[1], hint)


class _Token(Struct, frozen=True):
    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@functools.lru_cache(maxsize=_KEPT_TAGS)
def read_tag(text: str) -> ReadTag:
    """What `{{…}}`, `{{{…}}}` or the opening `{{{{…}}}}` means."""
    try:
        content = _content(text)
    except _Refusal as refusal:
        return ReadTag(Unreadable(), (refusal.problem,))
    return ReadTag(content, tuple(_problems(content, text)))


def path_of(text: str, start: int = 0) -> Path:
    """A variable's name such as `host.name` or `[kube.app].name`."""
    return Path(tuple(bracketed or plain for bracketed, plain in _PART.findall(text)), start, start + len(text))


def _content(text: str) -> Content:
    if text.startswith("{{!"):
        return Comment()
    if len(text) > _LONGEST_TAG:
        message = f"a tag of {len(text)} characters, more than {_LONGEST_TAG}"
        raise _Refusal(message, (0, 2), "close it with `}}`")
    braces = 4 if text.startswith("{{{{") else 3 if text.startswith("{{{") else 2
    tokens = list(_tokens(text, braces))
    if not tokens:
        raise _Refusal(f"{shown(text)} names no variable", (0, len(text)), "write one, such as `{{value}}`")
    first = tokens[0]
    if first.kind != "path":
        raise _Refusal(f"expected a variable, found {shown(first.text)}", (first.start, first.end))
    if braces == 4:
        return Condition(first.text, _arguments(tokens[1:], text))
    if first.text[0] in "#^/":
        return _block_tag(tokens, text)
    if first.text == "else":
        return _else(tokens, text)
    return _value(tokens, text, is_escaped=braces == 2)


def _tokens(text: str, braces: int) -> Iterator[_Token]:
    stop = len(text) - braces
    for match in _TOKEN.finditer(text, braces, stop):
        kind = match.lastgroup or ""
        yield _Token(kind, match[kind], match.start(kind))


def _block_tag(tokens: Sequence[_Token], text: str) -> Content:
    """`#name …`, `^name …` or `/name`; blanks may follow the sign."""
    first, rest = tokens[0], tokens[1:]
    sign, name = first.text[0], first.text[1:]
    if not name and rest and rest[0].kind == "path":
        name, rest = rest[0].text, rest[1:]
    if not name:
        raise _Refusal(f"{shown(text)} names no condition", (0, len(text)), f"write one: `{{{{{sign}is_alert}}}}`")
    if sign != "/":
        return Condition(name, _arguments(rest, text), is_negated=sign == "^")
    if rest:
        message = f"a closing tag has only a name, found {shown(text)}"
        raise _Refusal(message, (0, len(text)), f"write `{{{{/{name}}}}}`")
    return Closing(name)


def _else(tokens: Sequence[_Token], text: str) -> Else:
    if len(tokens) > 1:
        raise _Refusal(f"`else` takes nothing, found {shown(text)}", (0, len(text)), "nest a block in `{{else}}`")
    return Else()


def _value(tokens: Sequence[_Token], text: str, *, is_escaped: bool) -> Content:
    first = tokens[0]
    if len(tokens) == 1 and first.text not in FUNCTIONS:
        return Variable(path_of(first.text, first.start), is_escaped)
    call = Call(first.text, _arguments(tokens[1:], text), first.start, tokens[-1].end)
    return Function(call, is_escaped)


def _arguments(tokens: Sequence[_Token], text: str) -> tuple[Argument, ...]:
    found: list[Argument] = []
    position = 0
    while position < len(tokens):
        token = tokens[position]
        if token.text == "(":
            closing = _closing_bracket(tokens, position)
            found.append(_inner_call(tokens[position : closing + 1], text))
            position = closing
        else:
            found.append(_argument(token))
        position += 1
    return tuple(found)


def _argument(token: _Token) -> Argument:
    if token.kind == "string":
        return Literal(token.text[1:-1], token.start + 1, token.end - 1)
    if token.kind == "path":
        return path_of(token.text, token.start)
    if token.text in "\"'":
        raise _Refusal(
            "a string has no closing quote", (token.start, token.end), "close it with the quote it starts with"
        )
    raise _Refusal(f"expected an argument, found {shown(token.text)}", (token.start, token.end), "quote it")


def _closing_bracket(tokens: Sequence[_Token], opening: int) -> int:
    for position in range(opening + 1, len(tokens)):
        if tokens[position].text == ")":
            return position
        if tokens[position].text == "(":
            token = tokens[position]
            raise _Refusal("brackets are nested", (token.start, token.end), "call one function in them")
    token = tokens[opening]
    raise _Refusal("`(` is not closed", (token.start, token.end), "close it with `)`")


def _inner_call(tokens: Sequence[_Token], text: str) -> Call:
    """`(eval "…")` as an argument, brackets among the tokens."""
    name, arguments = tokens[1], tokens[2:-1]
    if name.kind != "path":
        raise _Refusal(f"expected a function, found {shown(name.text)}", (name.start, name.end), 'such as `(eval "…")`')
    return Call(name.text, _arguments(arguments, text), name.start, tokens[-1].start)


def _problems(content: Content, text: str) -> Iterator[MessageProblem]:
    """Known words with too few or too many arguments, and expressions that cannot be read."""
    if isinstance(content, Condition):
        if content.name != RAW:
            yield from _arity_problems(content.name, content.arguments, CONDITIONS, (0, len(text)))
        for argument in content.arguments:
            if isinstance(argument, Call):
                yield from _call_problems(argument)
    elif isinstance(content, Function):
        yield from _call_problems(content.call)


def _call_problems(call: Call) -> Iterator[MessageProblem]:
    if call.name != "eval" or not call.arguments:
        yield from _arity_problems(call.name, call.arguments, FUNCTIONS, (call.start, call.end))
        return
    first, last = call.arguments[0], call.arguments[-1]
    if isinstance(first, Literal) and first is last:
        problem = expression_problem(first.text)
        if problem is not None:
            yield problem.moved(first.start)
    else:
        hint = f"write `{FUNCTIONS['eval'].example}`"
        yield MessageProblem("`eval` takes one quoted expression", first.start, last.end, hint)


def _arity_problems(
    name: str, arguments: Sequence[Argument], known: Mapping[str, Arity], span: tuple[int, int]
) -> Iterator[MessageProblem]:
    arity = known.get(name, _UNKNOWN)
    if not arity.least <= len(arguments) <= arity.most:
        expected = _counted(arity)
        found = len(arguments) or "none"
        yield MessageProblem(f"`{name}` takes {expected}, found {found}", *span, hint=f"write `{arity.example}`")


def _counted(arity: Arity) -> str:
    if arity.most == 0:
        return "no argument"
    number = f"{arity.least}" if arity.least == arity.most else f"{arity.least} or more"
    return f"{number} argument{'' if number == '1' else 's'}"
