"""What two revisions differ in, for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from generator.plan.comparison import Comparison, Fate
from generator.report.past_effect import NO_EFFECTS, Effects
from generator.report.plan_lines import INDENT, line_text, obstacles_text, wrapped
from generator.report.review_alike import NO_ENVIRONMENTS, Environments, section_lines, sections
from generator.report.review_section import Section, by_service, left_out
from generator.report.review_words import (
    BLOCKED,
    SYMBOLS,
    counted_fates,
    environment_names,
    section_sentences,
    summary_words,
)
from generator.report.style import PLAIN, Style
from generator.report.visible import LONGEST_VALUE, short, visible


def review_text(  # noqa: PLR0913  each is a choice of its own
    comparison: Comparison,
    *,
    base: str,
    effects: Effects = NO_EFFECTS,
    environments: Environments = NO_ENVIRONMENTS,
    has_errors: bool = False,
    limit: int = 200,
    width: int = 100,
    style: Style = PLAIN,
) -> str:
    """Sections by service, obstacles, then the summary; of more than `limit` the most important ones are shown.

    `has_errors` says that findings, which are told elsewhere, would stop the sync too.
    """
    chosen = list(islice(sections(comparison.differences, environments), limit))
    hidden = left_out(comparison.differences, chosen)
    lines = [f"Compared with {short(base, LONGEST_VALUE)}", ""]
    for name, found in sorted(by_service(sorted(chosen, key=lambda section: section.positions)).items()):
        lines.append(style.bold(name))
        for section in found:
            lines += _heading(section, style)
            for sentence in section_sentences(section, effects):
                lines += wrapped(sentence, width)
            for line in section_lines(section, environments):
                lines += line_text(line, width=width, style=style)
            lines.append("")
    if hidden:
        lines += [f"… and {len(hidden):,} more: {counted_fates(hidden)}", ""]
    lines += obstacles_text(comparison.obstacles, limit=limit, width=width, style=style)
    if comparison.desired_digest:
        lines.append(style.faint(f"desired digest {short(comparison.desired_digest, LONGEST_VALUE)}"))
    if has_errors or any(each.blocks for each in comparison.obstacles):
        lines.append(style.red(BLOCKED))
    lines.append(style.bold(summary_words(comparison)))
    return "\n".join(lines) + "\n"


def _heading(section: Section, style: Style) -> Iterator[str]:
    first, fate = section.first, section.fate
    verb = _painted(fate, f"{SYMBOLS[fate]} {fate.value}", style)
    yield f"  {verb} {first.resource} {short(section.entry, LONGEST_VALUE)}{environment_names(section, str)}"
    if first.title:
        yield f"{INDENT}{style.bold(short(first.title, LONGEST_VALUE))}"
    yield INDENT + style.faint(f"{visible(first.path)}:{first.line}")


def _painted(fate: Fate, text: str, style: Style) -> str:
    paint = {Fate.CREATED: style.green, Fate.REMOVED: style.red, Fate.REPLACED: style.red}.get(fate, style.yellow)
    return paint(text)
