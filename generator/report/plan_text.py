"""A plan for a person at a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from generator.plan.model import Action, Change, Obstacle, Plan
from generator.report.change_lines import SYMBOLS, change_lines, sentences
from generator.report.plan_words import (
    blocked_words,
    blocking_first,
    by_service,
    counted_actions,
    most_notable_first,
    others,
    summary_words,
)
from generator.report.style import PLAIN, Style
from generator.report.text_diff import Line, underline
from generator.report.visible import LONGEST_SENTENCE, LONGEST_VALUE, short, visible

_INDENT = " " * 6
_DIFF_INDENT = " " * 8


def plan_text(plan: Plan, *, target: str, limit: int = 200, width: int = 100, style: Style = PLAIN) -> str:
    """Changes by service, obstacles, then the summary; of more than `limit` changes the most notable ones are shown."""
    chosen = set(most_notable_first(plan.changes)[:limit])
    hidden = others(plan.changes, chosen)
    lines = [f"Plan for {short(target, LONGEST_VALUE)}", ""]
    for name, positions in by_service(plan.changes, chosen).items():
        lines.append(style.bold(name))
        for position in positions:
            lines += [*_change(plan.changes[position], width=width, style=style), ""]
    if hidden:
        lines += [f"… and {len(hidden):,} more: {counted_actions(hidden)}", ""]
    lines += _obstacles(plan.obstacles, limit=limit, width=width, style=style)
    lines += _end(plan, style=style)
    return "\n".join(lines) + "\n"


def _end(plan: Plan, *, style: Style) -> Iterator[str]:
    if plan.desired_digest:
        yield style.faint(f"desired digest {short(plan.desired_digest, LONGEST_VALUE)}")
    if blocked_words(plan):
        yield style.red(blocked_words(plan))
    yield style.bold(summary_words(plan))


def _change(change: Change, *, width: int, style: Style) -> Iterator[str]:
    verb = _painted(change.action, f"{SYMBOLS[change.action]} {change.action.value}", style)
    id_told = f" (id {short(change.id, LONGEST_VALUE)})" if change.id else ""
    yield f"  {verb} {short(change.resource, LONGEST_VALUE)} {short(change.tracking_id, LONGEST_VALUE)}{id_told}"
    if change.title:
        yield f"{_INDENT}{style.bold(short(change.title, LONGEST_VALUE))}"
    if change.path:
        yield _INDENT + style.faint(f"{visible(change.path)}:{change.line}")
    for sentence in sentences(change):
        yield from _wrapped(sentence, width)
    for line in change_lines(change.fields):
        yield from _line(line, width=width, style=style)


def _line(line: Line, *, width: int, style: Style) -> Iterator[str]:
    if line.mark == "!":
        yield from _wrapped(line.text, width)
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


def _obstacles(obstacles: Sequence[Obstacle], *, limit: int, width: int, style: Style) -> Iterator[str]:
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
            yield style.faint(_INDENT + ", ".join(short(part, LONGEST_VALUE) for part in where if part))
        if obstacle.hint:
            yield from _wrapped(f"hint: {obstacle.hint}", width)
        yield ""
    if len(ordered) > limit:
        yield from (f"… and {len(ordered) - limit:,} more obstacles", "")


def _wrapped(sentence: str, width: int) -> list[str]:
    text = short(sentence, LONGEST_SENTENCE)
    return textwrap.wrap(
        text,
        max(width, 40),
        initial_indent=_INDENT,
        subsequent_indent=_INDENT + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _painted(action: Action, text: str, style: Style) -> str:
    paint = {Action.CREATE: style.green, Action.DELETE: style.red, Action.REPLACE: style.red}.get(action, style.yellow)
    return paint(text)
