"""Parts of comments on pull requests: fences of differences, obstacles, and how much GitHub takes.

Texts of others stand in HTML blocks (escaped, handles as code, so that nobody is mentioned) or in fences longer than
any run of backticks inside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from generator.plan.model import Obstacle
from generator.report.html import code, prose
from generator.report.plan_words import blocking_first
from generator.report.text_diff import Line, underline
from generator.report.visible import LONGEST_SENTENCE, LONGEST_VALUE, short

LONGEST_COMMENT = 65_536
"""GitHub refuses a longer comment."""

_BACKTICKS = re.compile("`+")
_MARKS = {"-": "- ", "+": "+ ", "!": "! ", "…": "  … "}


def marker(workspace: str) -> str:
    """A hidden first line by which a workflow finds the comment that it wrote before."""
    return marker_of("plan", workspace)


def marker_of(*names: str) -> str:
    return f"<!-- toban {' '.join(escape(short(name, LONGEST_VALUE)) for name in names)} -->"


def fenced_lines(lines: Sequence[Line]) -> str:
    if not lines:
        return ""
    return fenced_text("\n".join(rows(lines)), "diff")


def fenced_text(text: str, language: str) -> str:
    fence = "`" * max([3, *(len(run) + 1 for run in _BACKTICKS.findall(text))])
    return f"{fence}{language}\n{text}\n{fence}\n\n"


def rows(lines: Sequence[Line]) -> Iterator[str]:
    """The text of a fence of differences; what differs in a line is marked below it."""
    for line in lines:
        yield (_MARKS.get(line.mark, "  ") + line.text).rstrip()
        if line.marked:
            yield f"  {underline(line)}"


def obstacles_markdown(obstacles: Sequence[Obstacle], budget: int, *, further: int = 0) -> str:
    """Those that the budget has room for; so many `further` ones are counted only."""
    told, shown = "", 0
    for obstacle in blocking_first(obstacles):
        text = _obstacle(obstacle)
        if len(told) + len(text) > budget:
            break
        told, shown = told + text, shown + 1
    hidden = len(obstacles) - shown + further
    return told + (f"<p>… and {hidden:,} more obstacles</p>\n\n" if hidden else "")


def _obstacle(obstacle: Obstacle) -> str:
    symbol = "⛔" if obstacle.blocks else "⚠️"
    where = [obstacle.tracking_id, f"id {obstacle.id}" if obstacle.id else ""]
    where.append(f"{obstacle.path}:{obstacle.line}" if obstacle.path else "")
    places = "".join(f" {code(short(part, LONGEST_VALUE))}" for part in where if part)
    hint = f"<br>{prose(short(obstacle.hint, LONGEST_SENTENCE))}" if obstacle.hint else ""
    rule = code(short(obstacle.rule, LONGEST_VALUE))
    return f"<p>{symbol} {prose(short(obstacle.message, LONGEST_SENTENCE))} {rule}{places}{hint}</p>\n\n"
