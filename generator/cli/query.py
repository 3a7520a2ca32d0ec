"""`toban query`."""

from __future__ import annotations

import codecs
import json
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from generator.cli._exits import OK, PROBLEM, USAGE, Stop

if TYPE_CHECKING:
    from generator.query.inspection import Inspected
    from generator.query.problem import SyntaxProblem

_PLACES_SHOWN = 20


@click.group("query")
def command() -> None:
    """Parse one of Datadog's queries, or say in words what its monitor does."""


@command.command("parse")
@click.argument("query", required=False)
@click.option("--type", "kind", metavar="TYPE", help="Monitor type, `dashboard` or `formula`.  [default: by its start]")
@click.option("--format", "output", type=click.Choice(("text", "json")), help="[default: text]")
@click.option(
    "--tsv",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    help="Read lines of `type<TAB>query` instead (`-`: standard input); write one JSON line for each.",
)
def parse(query: str | None, kind: str | None, output: str | None, tsv: str | None) -> int:
    """Show QUERY in its canonical form, with what is odd about it; or what is wrong with it, and where."""
    if (query is None) == (tsv is None):
        raise Stop("nothing to parse", hint="give one query in quotes, or a file with --tsv", code=USAGE)
    if tsv is not None:
        if kind is not None or output is not None:
            hint = "leave --type and --format out: each line names its type, and each answer is JSON"
            raise Stop("--tsv goes with neither --type nor --format", hint=hint, code=USAGE)
        return _parse_lines(tsv)
    text = query or ""
    parsed = _parsed(kind or _likely_type(text), text)
    return _show_json(parsed) if output == "json" else _show_text(parsed, text)


@command.command("explain")
@click.argument("query")
@click.option("--type", "kind", metavar="TYPE", help="Monitor type, `dashboard` or `formula`.  [default: by its start]")
def explain(query: str, kind: str | None) -> int:
    """Say in plain sentences what a monitor with QUERY does."""
    from generator.cli._console import show
    from generator.explain.words import explain_query
    from generator.query.problem import SyntaxProblem
    from generator.report.visible import visible

    kind = kind or _likely_type(query)
    parsed = _parsed(kind, query)
    if isinstance(parsed, SyntaxProblem):
        return _show_text(parsed, query)
    show(visible(explain_query(parsed, kind)))
    _show_doubts(parsed, query)
    return OK


def _parsed(kind: str, text: str) -> Inspected | SyntaxProblem:
    from generator.query.parser import parse_dashboard_query, parse_formula, parse_monitor

    if kind == "dashboard":
        return parse_dashboard_query(text)
    return parse_formula(text) if kind == "formula" else parse_monitor(kind, text)


def _likely_type(text: str) -> str:
    from generator.query.parser import likely_type

    return likely_type(text)


def _parse_lines(path: str) -> int:
    from generator.cli._console import write
    from generator.report.json_text import json_text

    for line in _lines(path):
        # Whoever writes the lines may wait for an answer before the next.
        write(json_text(_line_answer(line)).encode())
    return OK


def _lines(path: str) -> Iterator[bytes]:
    """The lines as they come, without the mark that some editors put before the first."""
    try:
        with click.open_file(path, "rb") as lines:
            for number, line in enumerate(lines):
                yield line if number else line.removeprefix(codecs.BOM_UTF8)
    except OSError as error:
        raise Stop(f"`{path}` cannot be read: {error.strerror}", code=USAGE) from error


def _line_answer(line: bytes) -> dict[str, Any]:
    """What answers one line of type and query; an answer without doubts does not mention them."""
    from generator.query.problem import SyntaxProblem

    try:
        text = line.decode().rstrip("\r\n")
    except UnicodeDecodeError as error:
        return _answer(SyntaxProblem("the line is not UTF-8", error.start, error.end))
    kind, tab, rest = text.partition("\t")
    if not tab:
        message = "expected `type<TAB>query`, found a line without a tab" if text else "found an empty line"
        return _answer(SyntaxProblem(message, 0, len(text)))
    parsed = _parsed_column(kind.strip(), rest.partition("\t")[0])
    doubts = [] if isinstance(parsed, SyntaxProblem) else _doubts_told(parsed)
    return {**_answer(parsed), "doubts": doubts} if doubts else _answer(parsed)


def _parsed_column(kind: str, column: str) -> Inspected | SyntaxProblem:
    """Parse what stands in the column: a query as it is, or, if it holds line breaks or tabs, a JSON string of it."""
    if column[:1] != '"':
        return _parsed(kind, column)
    try:
        text = json.loads(column)
    except ValueError as error:
        return _without_json(kind, column, str(error))
    return _parsed(kind, text)


def _without_json(kind: str, column: str, why: str) -> Inspected | SyntaxProblem:
    """Parse a column that only starts like JSON: a service check does, with its quoted name."""
    from generator.query.problem import SyntaxProblem

    parsed = _parsed(kind, column)
    if isinstance(parsed, SyntaxProblem) and not (kind == "service check" and column[1:2] != "\\"):
        message = f"{parsed.message}; what starts with a quote is read as a JSON string, which this is not ({why})"
        return SyntaxProblem(message, parsed.start, parsed.end)
    return parsed


def _answer(parsed: Inspected | SyntaxProblem) -> dict[str, Any]:
    from generator.query.printer import print_query
    from generator.query.problem import SyntaxProblem

    if isinstance(parsed, SyntaxProblem):
        return {"ok": False, "error": {"message": parsed.message, "offset": parsed.start, "end": parsed.end}}
    return {"ok": True, "canonical": print_query(parsed)}


def _doubts_told(parsed: Inspected) -> list[dict[str, Any]]:
    from generator.query.doubts import doubts

    return [
        {"message": doubt.message, "offset": doubt.span[0], "end": doubt.span[1], "hint": doubt.hint}
        for doubt in doubts(parsed)
    ]


def _show_json(parsed: Inspected | SyntaxProblem) -> int:
    from generator.cli._console import show
    from generator.query.problem import SyntaxProblem
    from generator.report.json_text import json_text

    if isinstance(parsed, SyntaxProblem):
        show(json_text({"version": 1, **_answer(parsed), "hint": parsed.hint}))
        return PROBLEM
    show(json_text({"version": 1, **_answer(parsed), "doubts": _doubts_told(parsed)}))
    return OK


def _show_text(parsed: Inspected | SyntaxProblem, text: str) -> int:
    from generator.query.printer import print_query
    from generator.query.problem import SyntaxProblem

    if isinstance(parsed, SyntaxProblem):
        _show_place(text, parsed.message, (parsed.start, parsed.end), hint=parsed.hint)
        return PROBLEM
    _show_canonical(print_query(parsed))
    _show_doubts(parsed, text)
    return OK


def _show_canonical(text: str) -> None:
    """The text letter for letter, but at a terminal, on which it must not act."""
    from generator.cli._console import show, write
    from generator.report.visible import visible

    if sys.stdout is None or sys.stdout.isatty():
        show(visible(text))
    else:
        write(os.fsencode(text))


def _show_doubts(parsed: Inspected, text: str) -> None:
    from generator.cli._console import show
    from generator.query.doubts import doubts

    found = doubts(parsed)
    for doubt in found[:_PLACES_SHOWN]:
        show("")
        _show_place(text, f"warning: {doubt.message}", doubt.span, hint=doubt.hint)
    if len(found) > _PLACES_SHOWN:
        show(f"\nand {len(found) - _PLACES_SHOWN} more of these")


def _show_place(text: str, message: str, span: tuple[int, int], *, hint: str) -> None:
    """A message with carets under its place, in the manner of a compiler."""
    from generator.cli._console import is_coloured, show, width
    from generator.report.caret import line_at, with_caret
    from generator.report.style import COLOURED, PLAIN
    from generator.report.visible import visible

    style = COLOURED if is_coloured() else PLAIN
    line, start = line_at(text, span[0])
    shown, carets = with_caret(line, span[0] - start, span[1] - start, width=width() - 4)
    row = text.count("\n", 0, start) + 1
    show(f"{style.bold(f'query:{row}:{span[0] - start + 1}')}: {visible(message)}")
    show(f"  | {shown}\n  | {style.red(carets)}")
    if hint:
        show(f"  {style.cyan('hint:')} {visible(hint)}")
