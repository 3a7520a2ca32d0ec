"""A plan for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from generator.plan.model import Action, Change, Plan
from generator.report.change_lines import SYMBOLS, change_lines, sentences
from generator.report.drift_text import drift_text
from generator.report.plan_lines import INDENT, line_text, obstacles_text, wrapped
from generator.report.plan_words import (
    blocked_words,
    by_service,
    counted_actions,
    most_notable_first,
    others,
    review_digest,
    summary_words,
)
from generator.report.style import PLAIN, Style
from generator.report.visible import LONGEST_VALUE, short, visible


def plan_text(plan: Plan, *, target: str, limit: int = 200, width: int = 100, style: Style = PLAIN) -> str:
    """Changes by service, drift, obstacles, then the summary; of more than `limit` the most notable ones are shown."""
    chosen = set(most_notable_first(plan.changes)[:limit])
    hidden = others(plan.changes, chosen)
    lines = [f"Plan for {short(target, LONGEST_VALUE)}", ""]
    for name, positions in by_service(plan.changes, chosen).items():
        lines.append(style.bold(name))
        for position in positions:
            lines += [*_change(plan.changes[position], width=width, style=style), ""]
    if hidden:
        lines += [f"… and {len(hidden):,} more: {counted_actions(hidden)}", ""]
    if plan.drift:
        lines += [style.bold("Drift"), *drift_text(plan.drift, limit=limit, width=width, style=style), ""]
    lines += obstacles_text(plan.obstacles, limit=limit, width=width, style=style)
    lines += _end(plan, style=style)
    return "\n".join(lines) + "\n"


def _end(plan: Plan, *, style: Style) -> Iterator[str]:
    if plan.desired_digest:
        yield style.faint(f"desired digest {short(plan.desired_digest, LONGEST_VALUE)}")
    if review_digest(plan):
        yield style.faint(f"plan digest {short(review_digest(plan), LONGEST_VALUE)}")
    if blocked_words(plan):
        yield style.red(blocked_words(plan))
    yield style.bold(summary_words(plan))


def _change(change: Change, *, width: int, style: Style) -> Iterator[str]:
    verb = _painted(change.action, f"{SYMBOLS[change.action]} {change.action.value}", style)
    id_told = f" (id {short(change.id, LONGEST_VALUE)})" if change.id else ""
    yield f"  {verb} {short(change.resource, LONGEST_VALUE)} {short(change.tracking_id, LONGEST_VALUE)}{id_told}"
    if change.title:
        yield f"{INDENT}{style.bold(short(change.title, LONGEST_VALUE))}"
    if change.path:
        yield INDENT + style.faint(f"{visible(change.path)}:{change.line}")
    for sentence in sentences(change):
        yield from wrapped(sentence, width)
    for line in change_lines(change.fields):
        yield from line_text(line, width=width, style=style)


def _painted(action: Action, text: str, style: Style) -> str:
    paint = {Action.CREATE: style.green, Action.DELETE: style.red, Action.REPLACE: style.red}.get(action, style.yellow)
    return paint(text)
