"""A plan as a comment on a pull request: a summary, what stands in the way, then one folded section a resource."""

from __future__ import annotations

from collections.abc import Sequence

from generator.plan.model import Action, Change, Plan, summary
from generator.report.change_lines import change_lines, sentences
from generator.report.drift_markdown import drift_sections
from generator.report.drift_words import drift_summary
from generator.report.html import code, prose
from generator.report.markdown_parts import LONGEST_COMMENT, fenced_lines, marker, obstacles_markdown
from generator.report.plan_words import (
    blocked_words,
    by_service,
    counted_actions,
    most_notable_first,
    others,
    review_digest,
    service,
    summary_words,
)
from generator.report.visible import LONGEST_SENTENCE, LONGEST_VALUE, short

_OBSTACLE_SHARE = 4
_RESERVED = 500
_SYMBOLS = {
    Action.CREATE: "🟢",
    Action.UPDATE: "🟡",
    Action.REPLACE: "🔴",
    Action.DELETE: "🔴",
    Action.ADOPT: "🟡",
}


def plan_markdown(plan: Plan, *, target: str, longest: int = LONGEST_COMMENT) -> str:
    """At most `longest` characters (from 8,000): sections that do not fit are left out whole, creates first."""
    head = _head(plan, target) + obstacles_markdown(plan.obstacles, longest // _OBSTACLE_SHARE)
    foot = _drift(plan, longest // _OBSTACLE_SHARE) + _foot(plan)
    sections = _fitting(plan.changes, longest - len(head) - len(foot) - _RESERVED)
    body = "".join(
        _service_heading(name) + "".join(sections[position] for position in positions)
        for name, positions in by_service(plan.changes, sections).items()
    )
    return head + body + _left_out(others(plan.changes, sections)) + foot


def _head(plan: Plan, target: str) -> str:
    counts = summary(plan)
    columns = " | ".join(counts)
    rule = "|".join("---:" for _ in counts)
    numbers = " | ".join(f"{number:,}" for number in counts.values())
    blocked = f"<p><b>{blocked_words(plan)}</b></p>\n\n" if blocked_words(plan) else ""
    return (
        f"{marker(plan.workspace)}\n### {summary_words(plan)}\n\n"
        f"<p>Plan for {prose(short(target, LONGEST_VALUE))}</p>\n\n"
        f"| {columns} |\n|{rule}|\n| {numbers} |\n\n{blocked}"
    )


def _drift(plan: Plan, budget: int) -> str:
    if not plan.drift:
        return ""
    return f"<h4>Drift</h4>\n\n<p>{drift_summary(plan.drift)}</p>\n\n{drift_sections(plan.drift, budget)}"


def _foot(plan: Plan) -> str:
    digests = {"desired digest": plan.desired_digest, "plan digest": review_digest(plan)}
    told = ", ".join(f"{name} {code(short(digest, LONGEST_VALUE))}" for name, digest in digests.items() if digest)
    return f"<p><sub>{told}</sub></p>\n" if told else ""


def _left_out(hidden: Sequence[Change]) -> str:
    if not hidden:
        return ""
    return f"<p>… and {len(hidden):,} more that do not fit here: {counted_actions(hidden)}</p>\n\n"


def _fitting(changes: Sequence[Change], budget: int) -> dict[int, str]:
    """Sections by the position of their change, the most notable ones first, until one does not fit."""
    sections: dict[int, str] = {}
    services: set[str] = set()
    for position in most_notable_first(changes):
        section, name = _section(changes[position]), service(changes[position])
        budget -= len(section) + (0 if name in services else len(_service_heading(name)))
        if budget < 0:
            break
        services.add(name)
        sections[position] = section
    return sections


def _service_heading(name: str) -> str:
    return f"<h4>{prose(short(name, LONGEST_VALUE))}</h4>\n\n"


def _section(change: Change) -> str:
    told = "".join(f"<p>{prose(short(text, LONGEST_SENTENCE))}</p>\n\n" for text in sentences(change))
    where = f"<p>{code(short(change.path, LONGEST_VALUE))}, line {change.line}</p>\n\n" if change.path else ""
    lines = fenced_lines(change_lines(change.fields))
    return f"<details><summary>{_summary(change)}</summary>\n\n{told}{lines}{where}</details>\n\n"


def _summary(change: Change) -> str:
    id_told = f" (id {code(short(change.id, LONGEST_VALUE))})" if change.id else ""
    title = f"<br>{prose(short(change.title, LONGEST_VALUE))}" if change.title else ""
    return (
        f"{_SYMBOLS[change.action]} <b>{change.action.value}</b> {prose(short(change.resource, LONGEST_VALUE))} "
        f"{code(short(change.tracking_id, LONGEST_VALUE))}{id_told}{title}"
    )
