"""The chain form of the other monitor types: `logs("…").index("*").rollup("count").last("5m") > 5`."""

from __future__ import annotations

import re

from generator.query.cursor import COMPARATOR, NUMBER, STRING, Cursor, closed_string, tokens
from generator.query.expression import formula
from generator.query.formula_text import aligned_formula
from generator.query.methods import AGGREGATIONS, HEADS, METHODS, PERCENTILE, SERVICE_CHECK, WINDOW_METHODS, Head
from generator.query.nodes import ChainArgument, ChainQuery, Method, Name, Number, SourceRange, StringLiteral
from generator.query.numbers import comparison, signed_number
from generator.query.problem import Refusal, choices, either, nearest, shown
from generator.query.windows import meant_current, meant_duration

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
_DURATION = re.compile(r"0*[1-9][0-9]{0,6}(?:mo|[smhdw])\Z")


def search_chain(text: str, heads: tuple[str, ...]) -> ChainQuery:
    """Parse a chain that starts with one of `heads` and ends with a comparator and a threshold."""
    cursor = Cursor(_TOKENS, text)
    start, name = cursor.start, cursor.text
    if name not in heads:
        hint = nearest(name, heads)
        raise cursor.refusal(f"expected {either(heads)} at the start of the query, found {cursor.found()}", hint)
    head = HEADS[name]
    cursor.advance()
    arguments, keywords, places = _arguments(cursor, name)
    if keywords:
        raise Refusal(f"`{name}` takes no named argument", places[0])
    if name == "formula":
        _check_formula(arguments, (start, cursor.end))
    methods = _methods(cursor, head)
    # Only a formula can be compared with the option `critical_query`.
    compared, threshold, place = comparison(cursor, "and a threshold after the chain", word=name == "formula")
    if name == "logs":
        _refuse_single_quotes(text, arguments, methods)
    return ChainQuery(
        name,
        arguments,
        methods,
        compared,
        threshold,
        span=(start, cursor.end),
        threshold_span=place,
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
    methods = _methods(cursor, HEADS[SERVICE_CHECK])
    if cursor.kind == "comparator":
        raise cursor.refusal("a service check's query ends without a comparator", "set the thresholds in the options")
    cursor.expect_end("after the last method")
    return ChainQuery(head, (), methods, span=(start, cursor.end))


def _methods(cursor: Cursor, head: Head) -> tuple[Method, ...]:
    methods: list[Method] = []
    while cursor.kind == "method":
        methods.append(_method(cursor, head))
    if not methods:
        wanted = head.required[0][0]
        message = f"expected a method such as `.{wanted}(…)`, found {cursor.found()}"
        raise cursor.refusal(message, f"`{head.name}` takes {_as_methods(head.methods)}")
    names = {method.name for method in methods}
    for alternatives in head.required:
        if names.isdisjoint(alternatives):
            wanted = either(f".{name}(…)" for name in alternatives)
            message = f"expected {wanted} before the end of the chain, found {cursor.found()}"
            raise cursor.refusal(message, f"`{head.name}` takes {_as_methods(head.methods)}")
    return tuple(methods)


def _method(cursor: Cursor, head: Head) -> Method:
    start, name = cursor.start, cursor.text[1:]
    if name not in METHODS:
        hint = nearest(name, METHODS) or f"`{head.name}` takes {_as_methods(head.methods)}"
        if name in AGGREGATIONS:
            hint = f'write `.rollup("{name}")`'
        raise cursor.refusal(f"unknown method {shown('.' + name)}", hint)
    cursor.advance()
    arguments, keywords, places = _arguments(cursor, name)
    method = Method(name, arguments, keywords, span=(start, cursor.end), keyword_spans=places)
    if name in WINDOW_METHODS and head.name != SERVICE_CHECK:
        _check_window(method, head)
    elif name == "rollup":
        _check_aggregation(method)
    return method


def _check_window(method: Method, head: Head) -> None:
    window = method.args[0] if method.args else None
    text = "" if window is None or isinstance(window, Number) else window.text
    if not _DURATION.match(text):
        found = shown(_written(window)) if window is not None else "nothing"
        span = method.span if window is None else window.span
        hint = f"a window is written `5m`; units are {choices(('s', 'm', 'h', 'd', 'w', 'mo'))}"
        meant = _meant_window(method.name, _written(window), head) if window is not None else ""
        raise Refusal(f"`.{method.name}` takes a window, found {found}", span, f"{meant} {hint}".strip())


def _meant_window(method: str, text: str, head: Head) -> str:
    """Suggest `.current("1d")` for `.last("current_1d")`."""
    current = meant_current(text) if method == "last" and "current" in head.methods else ""
    return f'did you mean `.current("{current}")`?' if current else meant_duration(text)


def _check_aggregation(method: Method) -> None:
    """Refuse an aggregation that is nearly a known one; a name never heard of may be new."""
    first = method.args[0] if method.args else None
    if isinstance(first, StringLiteral) and first.text not in AGGREGATIONS and not PERCENTILE.match(first.text):
        hint = nearest(first.text, AGGREGATIONS)
        if hint:
            raise Refusal(f"unknown aggregation {shown(first.text)}", first.span, hint)


def _check_formula(arguments: Arguments, span: SourceRange) -> None:
    if len(arguments) != 1 or not isinstance(arguments[0], StringLiteral):
        raise Refusal("`formula` takes one quoted formula", span, 'write `formula("query1 / query2")`')
    inner = arguments[0]
    try:
        formula(aligned_formula(inner.text))
    except Refusal as refusal:
        problem, offset = refusal.problem, inner.span[0] + 1
        place = (problem.start + offset, problem.end + offset)
        raise Refusal(f"in the formula: {problem.message}", place, problem.hint) from refusal


def _refuse_single_quotes(text: str, arguments: Arguments, methods: tuple[Method, ...]) -> None:
    """Datadog answers `invalid operator specified` to them, though it takes them from events."""
    for argument in (*arguments, *(argument for method in methods for argument in method.args)):
        if text[argument.span[0]] == "'":
            raise Refusal("a log query takes no single quotes", argument.span, "write `\"` for `'`")


def _arguments(cursor: Cursor, name: str) -> tuple[Arguments, KeywordArguments, tuple[SourceRange, ...]]:
    cursor.expect("(", f"after {shown(name)}")
    arguments: list[ChainArgument] = []
    keywords: list[tuple[str, ChainArgument]] = []
    places: list[SourceRange] = []
    if cursor.accept(")"):
        return (), (), ()
    while True:
        if cursor.kind == "word" and cursor.peek() == "=":
            keyword = cursor.text
            places.append((cursor.start, cursor.start + len(keyword)))
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
    return tuple(arguments), tuple(keywords), tuple(places)


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


def _as_methods(names: tuple[str, ...]) -> str:
    return choices(f".{name}" for name in names)


def _written(argument: ChainArgument) -> str:
    return str(argument.value) if isinstance(argument, Number) else argument.text
