"""Lines of plans and reviews at a terminal: changed fields, obstacles, sentences."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from generator.plan.model import Obstacle
from generator.report.plan_words import blocking_first
from generator.report.style import PLAIN, Style
from generator.report.text_diff import Line, underline
from generator.report.visible import LONGEST_SENTENCE, LONGEST_VALUE, short, visible

INDENT = " " * 6
_DIFF_INDENT = " " * 8


def line_text(line: Line, *, width: int, style: Style) -> Iterator[str]:
    if line.mark == "!":
        yield from wrapped(line.text, width)
    elif line.mark == "-":
        yield from _marked(line, style.red("-"), style)
    elif line.mark == "+":
        yield from _marked(line, style.green("+"), style)
    else:
        yield f"{_DIFF_INDENT}{style.faint(line.mark)} {line.text}".rstrip()


def _marked(line: Line, mark: str, style: Style) -> Iterator[str]:
    paint = style.red if line.mark == "-" else style.green
    if style is not PLAIN:
        yield f"{_DIFF_INDENT}{mark} {_with_painted_ranges(line, style) if line.marked else paint(line.text)}"
        return
    yield f"{_DIFF_INDENT}{mark} {line.text}".rstrip()
    if line.marked:
        yield f"{_DIFF_INDENT}  {underline(line)}"


def _with_painted_ranges(line: Line, style: Style) -> str:
    paint = style.red if line.mark == "-" else style.green
    told, position = "", 0
    for start, end in line.marked:
        told += line.text[position:start] + style.bold(paint(line.text[start:end]))
        position = end
    return told + line.text[position:]


def obstacles_text(obstacles: Sequence[Obstacle], *, limit: int, width: int, style: Style) -> Iterator[str]:
    ordered = blocking_first(obstacles)
    for obstacle in ordered[:limit]:
        looked = "! review:" if obstacle.needs_review else "! look:"
        label = style.red("x blocks:") if obstacle.blocks else style.yellow(looked)
        rule = style.faint(f"[{short(obstacle.rule, LONGEST_VALUE)}]")
        yield f"{label} {short(obstacle.message, LONGEST_SENTENCE)} {rule}"
        where = [obstacle.tracking_id, f"id {obstacle.id}" if obstacle.id else ""]
        if obstacle.path:
            where.append(f"{visible(obstacle.path)}:{obstacle.line}")
        if any(where):
            yield style.faint(INDENT + ", ".join(short(part, LONGEST_VALUE) for part in where if part))
        if obstacle.hint:
            yield from wrapped(f"hint: {obstacle.hint}", width)
        yield ""
    if len(ordered) > limit:
        yield from (f"… and {len(ordered) - limit:,} more obstacles", "")


def wrapped(sentence: str, width: int) -> list[str]:
    text = short(sentence, LONGEST_SENTENCE)
    return textwrap.wrap(
        text,
        max(width, 40),
        initial_indent=INDENT,
        subsequent_indent=INDENT + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
