"""A review in words as Markdown, whatever the words are and however many of them there are.

It trusts none of them: each stands as a text in HTML, or in a fence that it cannot close, and the whole is bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from generator.finding import Severity
from generator.plan.comparison import Fate
from generator.plan.model import Obstacle
from generator.report.findings_text import severities_line
from generator.report.html import code, prose
from generator.report.markdown_parts import fenced_text, marker, obstacles_markdown
from generator.report.review_told import LONGEST_ROW, ToldFinding, ToldFindings, ToldReview, ToldSection
from generator.report.review_words import BLOCKED, alike_in, counts_words, fates_words
from generator.report.visible import LONGEST_SENTENCE, LONGEST_VALUE, short

UNKNOWN_WORKSPACE = "(unknown)"
"""In the mark of a project whose workspace nobody can read; no workspace can have this name."""

NOTHING_READ = "Nothing is compared: no resource can be read."
_SHARE = 4
_RESERVED = 1_000
_SYMBOLS = {Fate.REMOVED: "🔴", Fate.REPLACED: "🔴", Fate.CHANGED: "🟡", Fate.CREATED: "🟢", Fate.MOVED: "⚪"}
_SEVERITIES = {Severity.ERROR: "⛔", Severity.WARNING: "⚠️", Severity.NOTICE: "💡"}

Measure = Callable[[str], int]


class Page(NamedTuple):
    """At most `longest` (from 8,000); `above` is Markdown for its top, `whole` says in HTML where all of it is."""

    longest: int
    measure: Measure
    whole: str = ""
    above: str = ""


class LaidOut(NamedTuple):
    """`sections` are those that were shown, each as it was."""

    text: str
    sections: tuple[ToldSection, ...]


def laid_out(told: ToldReview, sections: Iterable[ToldSection], page: Page) -> LaidOut:
    """What does not fit is told in one line each, then counted; no more of the sections is asked for."""
    share = page.longest // _SHARE
    head = _head(told, page.above) + _obstacles(told, share) + _findings(told.findings, share, page.measure)
    foot = _foot(told)
    budget = page.longest - page.measure(head) - page.measure(foot) - page.measure(page.whole) - _RESERVED
    fitting = list(_fitting(sections, budget, page.measure))
    body = ""
    for name, texts in _by_service(fitting).items():
        body += _service_heading(name) + "".join(texts)
    shown = tuple(section for section, _ in fitting)
    return LaidOut(head + body + _left_out(told, shown, page.whole) + foot, shown)


def _head(told: ToldReview, above: str) -> str:
    numbers = msgspec.structs.asdict(told.counts)
    columns, rule = " | ".join(numbers), "|".join("---:" for _ in numbers)
    row = " | ".join(f"{number:,}" for number in numbers.values())
    blocked = f"<p><b>{BLOCKED}</b></p>\n\n" if told.is_blocked else ""
    is_read = any(numbers.values()) or (told.workspace and not told.is_blocked)
    headline = counts_words(numbers) if is_read else NOTHING_READ
    return (
        f"{marker(told.workspace or UNKNOWN_WORKSPACE)}\n{above}### {headline}\n\n"
        f"<p>Compared with {code(short(told.base, LONGEST_VALUE))}</p>\n\n"
        f"| {columns} |\n|{rule}|\n| {row} |\n\n{blocked}"
    )


def obstacles(told: ToldReview) -> tuple[Obstacle, ...]:
    return tuple(Obstacle(**msgspec.structs.asdict(each)) for each in told.obstacles)


def _obstacles(told: ToldReview, budget: int) -> str:
    further = max(0, told.all_obstacles - len(told.obstacles))
    return obstacles_markdown(obstacles(told), budget, further=further)


def _foot(told: ToldReview) -> str:
    digest = short(told.digest, LONGEST_VALUE)
    return f"<p><sub>desired digest {code(digest)}</sub></p>\n" if digest else ""


def _findings(findings: ToldFindings, budget: int, measure: Measure) -> str:
    """Errors in sight, the others folded."""
    told, shown = {True: "", False: ""}, 0
    for finding in findings.first:
        text = _finding(finding)
        budget -= measure(text)
        if budget < 0:
            break
        told[finding.severity is Severity.ERROR] += text
        shown += 1
    hidden = findings.errors + findings.warnings + findings.notices - shown
    more = f"<p>… and {hidden:,} more findings: <code>toban lint</code></p>\n\n" if hidden > 0 else ""
    others = _fold(_others(findings), told[False]) if told[False] else ""
    return told[True] + others + more


def _others(findings: ToldFindings) -> str:
    counts = {Severity.WARNING: findings.warnings, Severity.NOTICE: findings.notices}
    return severities_line(counts, findings.files) if any(counts.values()) else ""


def _finding(finding: ToldFinding) -> str:
    hint = f"<br>{prose(short(finding.hint, LONGEST_SENTENCE))}" if finding.hint else ""
    return (
        f"<p>{_SEVERITIES[finding.severity]} {prose(short(finding.message, LONGEST_SENTENCE))} "
        f"{code(short(finding.rule, LONGEST_VALUE))} "
        f"{code(short(f'{finding.path}:{finding.line}', LONGEST_VALUE))}{hint}</p>\n\n"
    )


def _left_out(told: ToldReview, shown: Iterable[ToldSection], whole: str) -> str:
    hidden = msgspec.structs.asdict(told.counts)
    del hidden["unchanged"]
    for section in shown:
        hidden[section.fate.value] = max(0, hidden[section.fate.value] - section.resources)
    if not any(hidden.values()):
        return ""
    where = f" All of them: {whole}" if whole else ""
    return f"<p>… and {sum(hidden.values()):,} more that do not fit here: {fates_words(hidden)}.{where}</p>\n\n"


def _fitting(sections: Iterable[ToldSection], budget: int, measure: Measure) -> Iterator[tuple[ToldSection, str]]:
    """The first sections and their texts; one that is too long becomes brief."""
    services: set[str] = set()
    for section in sections:
        heading = 0 if section.service in services else measure(_service_heading(section.service))
        brief = msgspec.structs.replace(section, sentences=(), rows=(), is_brief=True)
        texts = ((each, _section(each)) for each in (section, brief))
        found = next(((each, text) for each, text in texts if measure(text) + heading <= budget), None)
        if found is None:
            return
        budget -= measure(found[1]) + heading
        services.add(section.service)
        yield found


def _by_service(fitting: Iterable[tuple[ToldSection, str]]) -> Mapping[str, list[str]]:
    """In the order in which they come."""
    texts: dict[str, list[str]] = {}
    for section, text in fitting:
        texts.setdefault(section.service, []).append(text)
    return texts


def _service_heading(name: str) -> str:
    return f"<h4>{prose(short(name, LONGEST_VALUE))}</h4>\n\n"


def _section(section: ToldSection) -> str:
    if section.is_brief:
        return f"<p>{_summary(section)}</p>\n\n"
    sentences = "".join(f"<p>{prose(short(text, LONGEST_SENTENCE))}</p>\n\n" for text in section.sentences)
    rows = "\n".join(short(row, LONGEST_ROW) for row in section.rows)
    fence = fenced_text(rows, "diff") if rows else ""
    where = f"<p>{code(short(section.path, LONGEST_VALUE))}, line {section.line:,}</p>\n\n"
    return _fold(_summary(section), f"{sentences}{fence}{where}")


def _summary(section: ToldSection) -> str:
    name = code(short(section.entry, LONGEST_VALUE))
    if section.environments:
        name += alike_in(section.environments, lambda each: code(short(each, LONGEST_VALUE)))
    further = "".join(f"<br>{prose(short(text, LONGEST_VALUE))}" for text in section.headlines)
    resource = prose(short(section.resource, LONGEST_VALUE))
    return f"{_SYMBOLS[section.fate]} <b>{section.fate.value}</b> {resource} {name}{further}"


def _fold(summary: str, text: str) -> str:
    return f"<details><summary>{summary}</summary>\n\n{text}</details>\n\n"
