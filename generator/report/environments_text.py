"""What two environments differ in, for a person: what differs alike in several resources is told once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.plan.comparison import Comparison, Difference
from generator.report.environments_words import MOST_NAMES, differing_alike, entry, environments_summary, sides
from generator.report.plan_lines import line_text
from generator.report.style import PLAIN, Style
from generator.report.visible import LONGEST_VALUE, short, visible

_INDENT = " " * 4


def environments_text(  # noqa: PLR0913  each is a choice of its own
    comparison: Comparison, first: str, second: str, *, limit: int = 200, width: int = 100, style: Style = PLAIN
) -> str:
    """What one alone has, then what differs in what both have, then the summary; at most `limit` resources of each."""
    found = sides(comparison.differences)
    lines = [f"{first} → {second}", ""]
    lines += _lone(f"only in {first}", found.first, limit=limit, style=style)
    lines += _lone(f"only in {second}", found.second, limit=limit, style=style)
    lines += _differing(found.both, limit=limit, width=width, style=style)
    lines.append(style.bold(environments_summary(comparison, first, second)))
    return "\n".join(lines) + "\n"


def _lone(heading: str, found: Sequence[Difference], *, limit: int, style: Style) -> Iterator[str]:
    if not found:
        return
    yield style.bold(heading)
    for each in found[:limit]:
        place = style.faint(f"{visible(each.path)}:{each.line}")
        yield f"  {each.resource} {short(each.tracking_id, LONGEST_VALUE)}  {place}"
    yield from _more(found, limit)
    yield ""


def _differing(found: Sequence[Difference], *, limit: int, width: int, style: Style) -> Iterator[str]:
    if not found:
        return
    yield style.bold("in both, but not alike")
    for lines, alike in differing_alike(found[:limit]).items():
        for each in alike[:MOST_NAMES]:
            place = style.faint(f"{visible(each.path)}:{each.line}")
            yield f"  {each.resource} {short(entry(each), LONGEST_VALUE)}  {place}"
        yield from _more(alike, MOST_NAMES)
        for line in lines:
            yield from line_text(line, width=width, style=style)
        yield ""
    if len(found) > limit:
        yield from (*_more(found, limit), "")


def _more(found: Sequence[Difference], limit: int) -> Iterator[str]:
    if len(found) > limit:
        yield f"{_INDENT}… and {len(found) - limit:,} more"
