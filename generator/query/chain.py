"""The chain form of the other monitor types: `logs("…").index("*").rollup("count").last("5m") > 5`."""

from __future__ import annotations

from generator.query.cursor import (
    COMPARATOR,
    NUMBER,
    STRING,
    Cursor,
    closed_string,
    comparator,
    signed_number,
    tokens,
)
from generator.query.nodes import ChainArgument, ChainQuery, Method, Name, Number, StringLiteral
from generator.query.problem import choices, nearest, shown

Arguments = tuple[ChainArgument, ...]
KeywordArguments = tuple[tuple[str, ChainArgument], ...]

_TOKENS = tokens(
    STRING,
    r"(?P<method>\.[A-Za-z_][A-Za-z0-9_]*+)",
    NUMBER,
    COMPARATOR,
    r"(?P<fraction>\.[0-9]++)",
    r"(?P<word>[\w@*%$][\w@*%$./:{}-]*+)",
    r"(?P<mark>[-(),=])",
)
_ESCAPE_HINT = 'put a backslash before a quote inside the string: `\\"`'


def search_chain(text: str, heads: tuple[str, ...]) -> ChainQuery:
    """Parse a chain that starts with one of `heads` and ends with a comparator and a threshold."""
    cursor = Cursor(_TOKENS, text)
    start, head = cursor.start, cursor.text
    if head not in heads:
        hint = nearest(head, heads)
        raise cursor.refusal(f"expected {choices(heads)} at the start of the query, found {cursor.found()}", hint)
    cursor.advance()
    arguments, keywords = _arguments(cursor, head)
    if keywords:
        raise cursor.refusal(f"`{head}` takes no named argument")
    methods = _methods(cursor)
    compared = comparator(cursor, "and a threshold after the chain")
    threshold_start = cursor.start
    threshold = signed_number(cursor)
    cursor.expect_end("after the threshold")
    return ChainQuery(
        head,
        arguments,
        methods,
        compared,
        threshold,
        span=(start, cursor.end),
        threshold_span=(threshold_start, cursor.end),
    )


def service_check(text: str) -> ChainQuery:
    """Parse a service check's query, whose thresholds stand only in its options."""
    cursor = Cursor(_TOKENS, text)
    start = cursor.start
    if cursor.kind != "string":
        raise cursor.refusal(
            f"expected the quoted name of a service check, found {cursor.found()}",
            'write `"ntp.in_sync".over("*").by("host").last(2).count_by_status()`',
        )
    head = _string(cursor)
    methods = _methods(cursor)
    if cursor.kind == "comparator":
        raise cursor.refusal("a service check's query ends without a comparator", "set the thresholds in the options")
    cursor.expect_end("after the last method")
    return ChainQuery(head, (), methods, span=(start, cursor.end))


def _methods(cursor: Cursor) -> tuple[Method, ...]:
    methods: list[Method] = []
    while cursor.kind == "method":
        start, name = cursor.start, cursor.text[1:]
        cursor.advance()
        arguments, keywords = _arguments(cursor, name)
        methods.append(Method(name, arguments, keywords, span=(start, cursor.end)))
    if not methods:
        raise cursor.refusal(f"expected a method such as `.last(…)`, found {cursor.found()}")
    return tuple(methods)


def _arguments(cursor: Cursor, name: str) -> tuple[Arguments, KeywordArguments]:
    cursor.expect("(", f"after {shown(name)}")
    arguments: list[ChainArgument] = []
    keywords: list[tuple[str, ChainArgument]] = []
    if cursor.accept(")"):
        return (), ()
    while True:
        if cursor.kind == "word" and cursor.peek() == "=":
            keyword = cursor.text
            cursor.advance()
            cursor.advance()
            keywords.append((keyword, _argument(cursor)))
        elif keywords:
            raise cursor.refusal(f"expected `name=value`, found {cursor.found()}", "named arguments come last")
        else:
            arguments.append(_argument(cursor))
        if not cursor.accept(","):
            break
    hint = _ESCAPE_HINT if cursor.kind in {"word", "string"} else ""
    cursor.expect(")", f"to close {shown(name)}", hint)
    return tuple(arguments), tuple(keywords)


def _argument(cursor: Cursor) -> ChainArgument:
    start, text = cursor.start, cursor.text
    if cursor.kind == "string":
        return _string(cursor)
    if cursor.kind == "word":
        cursor.advance()
        return Name(text, span=(start, cursor.end))
    if cursor.kind == "number" or text == "-":
        return Number(signed_number(cursor), span=(start, cursor.end))
    raise cursor.refusal(f"expected an argument, found {cursor.found()}")


def _string(cursor: Cursor) -> StringLiteral:
    """Read a string; its quotes become double ones where its text allows, for some types take no others."""
    start = cursor.start
    text, quote = closed_string(cursor)
    if quote == "'" and '"' not in text and "\\" not in text:
        quote = '"'
    return StringLiteral(text, quote, span=(start, cursor.end))
