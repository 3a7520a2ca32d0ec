"""What two revisions differ in, for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from generator.plan.comparison import Comparison, Difference, Fate
from generator.report.change_lines import change_lines
from generator.report.past_effect import NO_EFFECTS, Effects, PastEffect
from generator.report.plan_lines import INDENT, line_text, obstacles_text, wrapped
from generator.report.review_words import (
    BLOCKED,
    SYMBOLS,
    by_service,
    counted_fates,
    difference_sentences,
    most_important_first,
    summary_words,
)
from generator.report.style import PLAIN, Style
from generator.report.visible import LONGEST_VALUE, short, visible


def review_text(  # noqa: PLR0913  each is a choice of its own
    comparison: Comparison,
    *,
    base: str,
    effects: Effects = NO_EFFECTS,
    has_errors: bool = False,
    limit: int = 200,
    width: int = 100,
    style: Style = PLAIN,
) -> str:
    """Differences by service, obstacles, then the summary; of more than `limit` the most important ones are shown.

    `has_errors` says that findings, which are told elsewhere, would stop the sync too.
    """
    differences = comparison.differences
    chosen = set(most_important_first(differences)[:limit])
    hidden = [each for position, each in enumerate(differences) if position not in chosen]
    lines = [f"Compared with {short(base, LONGEST_VALUE)}", ""]
    for name, positions in by_service(differences, chosen).items():
        lines.append(style.bold(name))
        for position in positions:
            each = differences[position]
            lines += [*_difference(each, effects.get(each.tracking_id), width=width, style=style), ""]
    if hidden:
        lines += [f"… and {len(hidden):,} more: {counted_fates(hidden)}", ""]
    lines += obstacles_text(comparison.obstacles, limit=limit, width=width, style=style)
    if comparison.desired_digest:
        lines.append(style.faint(f"desired digest {short(comparison.desired_digest, LONGEST_VALUE)}"))
    if has_errors or any(each.blocks for each in comparison.obstacles):
        lines.append(style.red(BLOCKED))
    lines.append(style.bold(summary_words(comparison)))
    return "\n".join(lines) + "\n"


def _difference(difference: Difference, effect: PastEffect | None, *, width: int, style: Style) -> Iterator[str]:
    verb = _painted(difference.fate, f"{SYMBOLS[difference.fate]} {difference.fate.value}", style)
    yield f"  {verb} {difference.resource} {short(difference.tracking_id, LONGEST_VALUE)}"
    if difference.title:
        yield f"{INDENT}{style.bold(short(difference.title, LONGEST_VALUE))}"
    yield INDENT + style.faint(f"{visible(difference.path)}:{difference.line}")
    for sentence in difference_sentences(difference, effect):
        yield from wrapped(sentence, width)
    for line in change_lines(difference.fields):
        yield from line_text(line, width=width, style=style)


def _painted(fate: Fate, text: str, style: Style) -> str:
    paint = {Fate.CREATED: style.green, Fate.REMOVED: style.red, Fate.REPLACED: style.red}.get(fate, style.yellow)
    return paint(text)
