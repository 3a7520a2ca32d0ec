"""Drift for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from generator.plan.model import Drift
from generator.report.change_lines import change_lines
from generator.report.drift_words import drift_sentences, drift_summary, drift_verb
from generator.report.plan_lines import INDENT, line_text, wrapped
from generator.report.style import PLAIN, Style
from generator.report.visible import LONGEST_SENTENCE, LONGEST_VALUE, short, visible

NO_SNIPPETS: Mapping[str, Sequence[str]] = {}


def drift_text(
    drift: Sequence[Drift],
    *,
    snippets: Mapping[str, Sequence[str]] = NO_SNIPPETS,
    limit: int = 200,
    width: int = 100,
    style: Style = PLAIN,
) -> Iterator[str]:
    """A block for each, then how many there are; `snippets` are lines of YAML by tracking id."""
    ordered = conflicts_first(drift)
    for each in ordered[:limit]:
        yield from _block(each, snippets.get(each.tracking_id, ()), width=width, style=style)
        yield ""
    if len(ordered) > limit:
        yield from (f"… and {len(ordered) - limit:,} more", "")
    yield style.bold(drift_summary(drift))


def conflicts_first(drift: Sequence[Drift]) -> list[Drift]:
    return sorted(drift, key=lambda each: not each.is_conflict)


def _block(drift: Drift, snippet: Sequence[str], *, width: int, style: Style) -> Iterator[str]:
    paint = style.red if drift.is_conflict else style.yellow
    id_told = f" (id {short(drift.id, LONGEST_VALUE)})" if drift.id else ""
    name = short(drift.tracking_id, LONGEST_VALUE)
    yield f"  {paint(f'≠ {drift_verb(drift)}')} {short(drift.resource, LONGEST_VALUE)} {name}{id_told}"
    if drift.title:
        yield f"{INDENT}{style.bold(short(drift.title, LONGEST_VALUE))}"
    if drift.path:
        yield INDENT + style.faint(f"{visible(drift.path)}:{drift.line}")
    for line in change_lines(drift.fields):
        yield from line_text(line, width=width, style=style)
    for sentence in drift_sentences(drift):
        yield from wrapped(sentence, width)
    if snippet:
        yield f"{INDENT}YAML that would keep it:"
        yield from (f"{INDENT}  {short(line, LONGEST_SENTENCE)}".rstrip() for line in snippet)
