"""Drift as the text of one issue: a summary, then one folded section a resource."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from generator.plan.model import Drift, Obstacle, Plan
from generator.report.change_lines import change_lines
from generator.report.drift_text import NO_SNIPPETS, conflicts_first
from generator.report.drift_words import drift_sentences, drift_summary, drift_verb
from generator.report.html import code, prose
from generator.report.markdown_parts import LONGEST_COMMENT, fenced_lines, fenced_text, obstacles_markdown
from generator.report.visible import LONGEST_SENTENCE, LONGEST_VALUE, short

_RESERVED = 500
_OBSTACLE_SHARE = 4
_LONGEST_SNIPPET = 8_000


def drift_markdown(
    plan: Plan,
    *,
    target: str,
    looks: Sequence[Obstacle] = (),
    snippets: Mapping[str, Sequence[str]] = NO_SNIPPETS,
    longest: int = LONGEST_COMMENT,
) -> str:
    """At most `longest` characters (from 8,000): what both have changed first, and what does not fit is counted."""
    head = (
        f"<!-- toban drift {escape(short(plan.workspace, LONGEST_VALUE))} -->\n### {drift_summary(plan.drift)}\n\n"
        f"<p>In {prose(short(target, LONGEST_VALUE))}</p>\n\n"
    ) + obstacles_markdown(looks, longest // _OBSTACLE_SHARE)
    return head + drift_sections(plan.drift, longest - len(head) - _RESERVED, snippets=snippets)


def drift_sections(drift: Sequence[Drift], budget: int, *, snippets: Mapping[str, Sequence[str]] = NO_SNIPPETS) -> str:
    """Folded sections of at most `budget` characters, but for the line that counts what does not fit."""
    told: list[str] = []
    for each in conflicts_first(drift):
        section = _section(each, snippets.get(each.tracking_id, ()))
        if len(section) > budget:
            break
        budget -= len(section)
        told.append(section)
    hidden = len(drift) - len(told)
    rest = f"<p>… and {hidden:,} more that do not fit here: <code>toban drift</code> shows them</p>\n\n"
    return "".join(told) + (rest if hidden else "")


def _section(drift: Drift, snippet: Sequence[str]) -> str:
    symbol = "⛔" if drift.is_conflict else "≠"
    id_told = f" (id {code(short(drift.id, LONGEST_VALUE))})" if drift.id else ""
    title = f"<br>{prose(short(drift.title, LONGEST_VALUE))}" if drift.title else ""
    sentences = "".join(f"<p>{prose(short(each, LONGEST_SENTENCE))}</p>\n\n" for each in drift_sentences(drift))
    where = f"<p>{code(short(drift.path, LONGEST_VALUE))}, line {drift.line}</p>\n\n" if drift.path else ""
    return (
        f"<details><summary>{symbol} <b>{drift_verb(drift)}</b> {prose(short(drift.resource, LONGEST_VALUE))} "
        f"{code(short(drift.tracking_id, LONGEST_VALUE))}{id_told}{title}</summary>\n\n"
        f"{fenced_lines(change_lines(drift.fields))}{sentences}{where}{_kept_by(snippet)}</details>\n\n"
    )


def _kept_by(snippet: Sequence[str]) -> str:
    text = "\n".join(short(line, LONGEST_SENTENCE) for line in snippet)
    if not text or len(text) > _LONGEST_SNIPPET:
        return ""
    return f"<p>YAML that would keep it:</p>\n\n{fenced_text(text, 'yaml')}"
