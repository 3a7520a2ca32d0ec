"""What two revisions differ in, as one comment on a pull request or as a job's summary, whatever the size of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from generator.finding import Finding, Severity
from generator.plan.comparison import Comparison, Difference, Fate, counts
from generator.report.findings_text import counts_line
from generator.report.html import code, prose
from generator.report.markdown_parts import LONGEST_COMMENT, fenced_lines, marker, obstacles_markdown
from generator.report.past_effect import NO_EFFECTS, Effects
from generator.report.review_alike import NO_ENVIRONMENTS, Environments, section_lines, sections
from generator.report.review_section import Section, by_service, left_out
from generator.report.review_words import (
    BLOCKED,
    counted_fates,
    effect_sentences,
    environment_names,
    headline,
    section_sentences,
    summary_words,
)
from generator.report.visible import LONGEST_SENTENCE, LONGEST_VALUE, short

LONGEST_SUMMARY = 1_048_576
"""Bytes; GitHub shows no longer summary of a job's step."""

_SHARE = 4
_RESERVED = 1_000
_SYMBOLS = {Fate.REMOVED: "🔴", Fate.REPLACED: "🔴", Fate.CHANGED: "🟡", Fate.CREATED: "🟢", Fate.MOVED: "⚪"}
_SEVERITIES = {Severity.ERROR: "⛔", Severity.WARNING: "⚠️", Severity.NOTICE: "💡"}

Measure = Callable[[str], int]


def characters(text: str) -> int:
    """As GitHub's own programs count them: UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def octets(text: str) -> int:
    return len(text.encode(errors="surrogatepass"))


class Surroundings(NamedTuple):
    """What stands round the differences: what they are compared with, and what is found in them.

    `whole` says in HTML where all of it is, for what does not fit; `known` more findings were there before.
    `environments` are those of the later revision.
    """

    base: str
    findings: Sequence[Finding] = ()
    known: int = 0
    effects: Effects = NO_EFFECTS
    whole: str = ""
    environments: Environments = NO_ENVIRONMENTS


def review_markdown(
    comparison: Comparison, around: Surroundings, *, longest: int = LONGEST_COMMENT, measure: Measure = characters
) -> str:
    """At most `longest` (from 8,000): what does not fit is told in one line each, then counted, moved ones first."""
    head = _head(comparison, around)
    head += obstacles_markdown(comparison.obstacles, longest // _SHARE) + _findings(around, longest // _SHARE, measure)
    foot = _foot(comparison)
    budget = longest - measure(head) - measure(foot) - measure(around.whole) - _RESERVED
    fitting = _fitting(comparison.differences, around, budget, measure)
    body, shown = "", [section for section, _ in fitting]
    texts = {section.positions: text for section, text in fitting}
    for name, found in by_service(shown).items():
        body += _service_heading(name) + "".join(texts[section.positions] for section in found)
    hidden = left_out(comparison.differences, shown)
    return head + body + _left_out(hidden, around.whole) + foot


def _head(comparison: Comparison, around: Surroundings) -> str:
    numbers = counts(comparison)
    columns, rule = " | ".join(numbers), "|".join("---:" for _ in numbers)
    told = " | ".join(f"{number:,}" for number in numbers.values())
    blocking = sum(obstacle.blocks for obstacle in comparison.obstacles)
    blocked = f"<p><b>{BLOCKED}</b></p>\n\n" if blocking or _errors(around.findings) else ""
    return (
        f"{marker(comparison.workspace)}\n### {summary_words(comparison)}\n\n"
        f"<p>Compared with {code(short(around.base, LONGEST_VALUE))}</p>\n\n"
        f"| {columns} |\n|{rule}|\n| {told} |\n\n{blocked}"
    )


def _errors(findings: Sequence[Finding]) -> bool:
    return any(each.severity is Severity.ERROR for each in findings)


def _foot(comparison: Comparison) -> str:
    digest = short(comparison.desired_digest, LONGEST_VALUE)
    return f"<p><sub>desired digest {code(digest)}</sub></p>\n" if digest else ""


def _findings(around: Surroundings, budget: int, measure: Measure) -> str:
    """Errors in sight, the others folded."""
    if not around.findings:
        return ""
    order = list(Severity)
    told, shown = {True: "", False: ""}, 0
    for finding in sorted(around.findings, key=lambda each: order.index(each.severity)):
        text = _finding(finding)
        budget -= measure(text)
        if budget < 0:
            break
        told[finding.severity is Severity.ERROR] += text
        shown += 1
    hidden = len(around.findings) - shown
    more = f"<p>… and {hidden:,} more findings: <code>toban lint</code></p>\n\n" if hidden else ""
    others = [each for each in around.findings if each.severity is not Severity.ERROR]
    folded = f"<details><summary>{counts_line(others)}</summary>\n\n{told[False]}</details>\n\n" if told[False] else ""
    return told[True] + folded + more


def _finding(finding: Finding) -> str:
    place = f"{finding.place.path}:{finding.place.line}"
    hint = f"<br>{prose(short(finding.hint, LONGEST_SENTENCE))}" if finding.hint else ""
    return (
        f"<p>{_SEVERITIES[finding.severity]} {prose(short(finding.message, LONGEST_SENTENCE))} "
        f"{code(short(finding.rule, LONGEST_VALUE))} {code(short(place, LONGEST_VALUE))}{hint}</p>\n\n"
    )


def _left_out(hidden: Sequence[Difference], whole: str) -> str:
    if not hidden:
        return ""
    where = f" All of them: {whole}" if whole else ""
    return f"<p>… and {len(hidden):,} more that do not fit here: {counted_fates(hidden)}.{where}</p>\n\n"


def _fitting(
    differences: Sequence[Difference], around: Surroundings, budget: int, measure: Measure
) -> list[tuple[Section, str]]:
    """The most important sections and their texts; one that is too long keeps its first line only."""
    fitting: list[tuple[Section, str]] = []
    services: set[str] = set()
    for section in sections(differences, around.environments):
        heading = 0 if section.service in services else measure(_service_heading(section.service))
        texts = (tell(section, around) for tell in (_whole_section, _brief))
        text = next((text for text in texts if measure(text) + heading <= budget), None)
        if text is None:
            break
        budget -= measure(text) + heading
        services.add(section.service)
        fitting.append((section, text))
    return fitting


def _service_heading(name: str) -> str:
    return f"<h4>{prose(short(name, LONGEST_VALUE))}</h4>\n\n"


def _whole_section(section: Section, around: Surroundings) -> str:
    told = "".join(f"<p>{prose(short(text, LONGEST_SENTENCE))}</p>\n\n" for text in section_sentences(section))
    first = section.first
    where = f"<p>{code(short(first.path, LONGEST_VALUE))}, line {first.line}</p>\n\n"
    lines = fenced_lines(section_lines(section, around.environments))
    return f"<details><summary>{_summary(section, around)}</summary>\n\n{told}{lines}{where}</details>\n\n"


def _brief(section: Section, around: Surroundings) -> str:
    return f"<p>{_summary(section, around)}</p>\n\n"


def _summary(section: Section, around: Surroundings) -> str:
    first, fate = section.first, section.fate
    told = (first.title, headline(section), *effect_sentences(section, around.effects))
    further = "".join(f"<br>{prose(short(text, LONGEST_VALUE))}" for text in told if text)
    name = code(short(section.entry, LONGEST_VALUE)) + environment_names(section, code)
    return f"{_SYMBOLS[fate]} <b>{fate.value}</b> {prose(first.resource)} {name}{further}"
