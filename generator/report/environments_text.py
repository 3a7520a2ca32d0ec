"""What two environments differ in, for a person: what differs alike in several resources is told once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.plan.comparison import Comparison, Difference, Fate
from generator.report.change_lines import change_lines
from generator.report.plan_lines import line_text
from generator.report.style import PLAIN, Style
from generator.report.text_diff import Line
from generator.report.visible import LONGEST_VALUE, short, visible

_MOST_NAMES = 10
_DIFFER = (Fate.CHANGED, Fate.REPLACED)
_INDENT = " " * 4


def environments_text(  # noqa: PLR0913  each is a choice of its own
    comparison: Comparison, first: str, second: str, *, limit: int = 200, width: int = 100, style: Style = PLAIN
) -> str:
    """What one alone has, then what differs in what both have, then the summary; at most `limit` resources of each."""
    by_fate = {fate: [each for each in comparison.differences if each.fate is fate] for fate in Fate}
    both = [each for fate in _DIFFER for each in by_fate[fate]]
    lines = [f"{first} → {second}", ""]
    lines += _lone(f"only in {first}", by_fate[Fate.REMOVED], limit=limit, style=style)
    lines += _lone(f"only in {second}", by_fate[Fate.CREATED], limit=limit, style=style)
    lines += _differing(both, limit=limit, width=width, style=style)
    counts = ((by_fate[Fate.REMOVED], f"only in {first}"), (by_fate[Fate.CREATED], f"only in {second}"))
    told = [f"{len(found):,} {words}" for found, words in counts if found]
    told += [f"{len(both):,} {'differs' if len(both) == 1 else 'differ'}"] if both else []
    lines.append(style.bold(f"{', '.join([*told, f'{comparison.unchanged:,} alike'])}."))
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
    groups: dict[tuple[Line, ...], list[Difference]] = {}
    for each in found[:limit]:
        groups.setdefault(change_lines(each.fields), []).append(each)
    for lines, alike in groups.items():
        for each in alike[:_MOST_NAMES]:
            place = style.faint(f"{visible(each.path)}:{each.line}")
            yield f"  {each.resource} {short(each.tracking_id.rpartition('/')[0], LONGEST_VALUE)}  {place}"
        yield from _more(alike, _MOST_NAMES)
        for line in lines:
            yield from line_text(line, width=width, style=style)
        yield ""
    if len(found) > limit:
        yield from (*_more(found, limit), "")


def _more(found: Sequence[Difference], limit: int) -> Iterator[str]:
    if len(found) > limit:
        yield f"{_INDENT}… and {len(found) - limit:,} more"
