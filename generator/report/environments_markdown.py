"""What two environments differ in, as a comment or as a part of a job's summary, whatever the size of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from generator.plan.comparison import Comparison, Difference, Fate
from generator.report.environments_words import (
    MOST_NAMES,
    counted_sides,
    differing_alike,
    entry,
    environments_summary,
    sides,
)
from generator.report.html import code, prose
from generator.report.markdown_parts import LONGEST_COMMENT, fenced_lines, marker_of
from generator.report.text_diff import Line
from generator.report.visible import LONGEST_VALUE, cut, short

_SHARE = 4
_RESERVED = 1_000
_SHORTEST_TOLD = 40
"""Characters that a comment has at least for each resource which it names."""
_LONGEST_HEADLINE = 200


class Compared(NamedTuple):
    """The environments' names; `whole` says in HTML where all of it is, `has_errors` that the YAML has some."""

    first: str
    second: str
    whole: str = ""
    has_errors: bool = False


class _Told(NamedTuple):
    text: str
    differences: Sequence[Difference]


def environments_markdown(comparison: Comparison, compared: Compared, *, longest: int = LONGEST_COMMENT) -> str:
    """At most `longest` UTF-16 units (from 8,000): what does not fit is counted."""
    head = _head(comparison, compared)
    budget = longest - _length(head) - _length(compared.whole) - _RESERVED
    found = sides(comparison.differences)
    first = _lone(found.first, compared.first, budget // _SHARE)
    second = _lone(found.second, compared.second, budget // _SHARE)
    both = _both(found.both, budget - _length(first.text) - _length(second.text), longest)
    told = (first, second, both)
    shown = {(each.resource, each.tracking_id) for part in told for each in part.differences}
    hidden = [each for each in comparison.differences if (each.resource, each.tracking_id) not in shown]
    return head + "".join(part.text for part in told) + _left_out(hidden, compared)


def _length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _head(comparison: Comparison, compared: Compared) -> str:
    first, second = _names(compared)
    summary = prose(environments_summary(comparison, f"`{first}`", f"`{second}`"))
    broken = "<p><b>The YAML has errors: what they concern is not compared.</b></p>\n\n" if compared.has_errors else ""
    return (
        f"{marker_of('compare', comparison.workspace, first, second)}\n"
        f"<h3>{code(first)} → {code(second)}</h3>\n\n<p>{summary}</p>\n\n{broken}"
    )


def _names(compared: Compared) -> tuple[str, str]:
    first, second = (short(name, LONGEST_VALUE) for name in (compared.first, compared.second))
    return first, second


def _lone(found: Sequence[Difference], name: str, budget: int) -> _Told:
    """A folded list."""
    heading = f"<b>{len(found):,} only in {code(short(name, LONGEST_VALUE))}</b>"
    start, end = f"<details><summary>{heading}</summary>\n\n<ul>\n", "</ul>\n\n</details>\n\n"
    budget -= _length(start) + _length(end)
    lines, shown = "", 0
    for each in found:
        line = f"<li>{prose(each.resource)} {code(short(each.tracking_id, LONGEST_VALUE))} {_place(each)}</li>\n"
        budget -= _length(line)
        if budget < 0:
            break
        lines, shown = lines + line, shown + 1
    return _Told(f"{start}{lines}{end}" if shown else "", found[:shown])


def _both(found: Sequence[Difference], budget: int, longest: int) -> _Told:
    """A folded section for each difference, with those that have it; one that is too long keeps its first line."""
    text, shown = "", []
    for lines, alike in differing_alike(found[: longest // _SHORTEST_TOLD]).items():
        summary = _summary(lines, alike)
        whole = f"<details><summary>{summary}</summary>\n\n{_list(alike)}{fenced_lines(lines)}</details>\n\n"
        section = next((each for each in (whole, f"<p>{summary}</p>\n\n") if _length(each) <= budget), None)
        if section is None:
            break
        budget -= _length(section)
        text += section
        shown += alike
    return _Told(text, shown)


def _summary(lines: Sequence[Line], alike: Sequence[Difference]) -> str:
    first = alike[0]
    symbol = "🔴" if first.fate is Fate.REPLACED else "🟡"
    name = f"{prose(first.resource)} {code(short(entry(first), LONGEST_VALUE))}"
    more = f" and {len(alike) - 1:,} more" if len(alike) > 1 else ""
    words = cut("; ".join(line.text.removesuffix(":") for line in lines if line.mark == "!"), _LONGEST_HEADLINE)
    return f"{symbol} {name}{more}" + (f"<br>{prose(words)}" if words else "")


def _list(alike: Sequence[Difference]) -> str:
    lines = "".join(
        f"<li>{prose(each.resource)} {code(short(entry(each), LONGEST_VALUE))} {_place(each)}</li>\n"
        for each in alike[:MOST_NAMES]
    )
    more = f"<li>… and {len(alike) - MOST_NAMES:,} more</li>\n" if len(alike) > MOST_NAMES else ""
    return f"<ul>\n{lines}{more}</ul>\n\n"


def _place(difference: Difference) -> str:
    return code(short(f"{difference.path}:{difference.line}", LONGEST_VALUE))


def _left_out(hidden: Sequence[Difference], compared: Compared) -> str:
    if not hidden:
        return ""
    first, second = _names(compared)
    counts = prose(", ".join(counted_sides(sides(hidden), f"`{first}`", f"`{second}`")))
    where = f" All of them: {compared.whole}" if compared.whole else ""
    return f"<p>… and {len(hidden):,} more that do not fit here: {counts}.{where}</p>\n\n"
