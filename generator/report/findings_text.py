"""Findings for a person at a terminal: place, message, the line with carets, and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from generator.finding import Finding, Related, Severity, Span
from generator.report.caret import line_at, with_caret
from generator.report.style import PLAIN, Style
from generator.report.visible import visible

Source = Callable[[str], str | None]
"""Path → text of the file, None where it cannot be read."""
_LINE_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
"""What libyaml counts as a line break."""
_PREFIX = {Severity.ERROR: "", Severity.WARNING: "warning: ", Severity.NOTICE: "notice: "}
_PLURALS = {Severity.ERROR: "errors", Severity.WARNING: "warnings", Severity.NOTICE: "notices"}
_SINGULARS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTICE: "notice"}
_MARGIN = 8


def findings_text(
    findings: Sequence[Finding],
    source: Source,
    *,
    reasons: Mapping[str, str] = {},
    width: int = 100,
    style: Style = PLAIN,
) -> str:
    """Each finding with its source line, then a last line with the counts.

    `reasons` say by rule why it matters; each is told once, at the rule's first finding.
    """
    lines = _Lines(source)
    first = {each.rule: each for each in reversed(findings)}
    blocks = []
    for finding in findings:
        reason = reasons.get(finding.rule, "") if first[finding.rule] is finding else ""
        told = _finding_lines(finding, lines, reason=reason, width=width, style=style)
        blocks.append("\n".join((*told, "")))
    return "\n".join([*blocks, counts_line(findings) + "\n"])


def left_out_lines(suppressed: int, known: int, where_known: str) -> str:
    """What is not shown, as lines; nothing where that is nothing."""
    lines = []
    if suppressed:
        lines.append(f"{counted(suppressed, 'finding is', 'findings are')} suppressed.")
    if known:
        lines.append(f"{counted(known, 'more finding was', 'more findings were')} {where_known}.")
    return "".join(f"{line}\n" for line in lines)


def counts_line(findings: Sequence[Finding]) -> str:
    """Count by severity: "2 errors and 1 warning in 2 files"."""
    if not findings:
        return "No findings."
    counts = {severity: sum(finding.severity is severity for finding in findings) for severity in Severity}
    return severities_line(counts, len({finding.place.path for finding in findings}))


def severities_line(counts: Mapping[Severity, int], files: int) -> str:
    told = [counted(number, _SINGULARS[each], _PLURALS[each]) for each, number in counts.items() if number]
    return f"{_listed(told)} in {counted(files, 'file', 'files')}."


def place(span: Span) -> str:
    return f"{visible(span.path)}:{span.line}:{span.column}"


class _Lines:
    """The lines of the files, each file read and split once."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._split: dict[str, list[str]] = {}

    def at(self, span: Span) -> str | None:
        if span.path not in self._split:
            self._split[span.path] = _LINE_BREAK.split(self._source(span.path) or "")
        lines = self._split[span.path]
        return lines[span.line - 1] if 0 < span.line <= len(lines) else None


def _finding_lines(finding: Finding, lines: _Lines, *, reason: str, width: int, style: Style) -> Iterator[str]:
    paint = _paint(finding.severity, style)
    prefix = paint(_PREFIX[finding.severity])
    rule = style.faint(f"[{visible(finding.rule)}]")
    yield f"{style.bold(place(finding.place))}: {prefix}{visible(finding.message)} {rule}"
    yield from _source_lines(finding.place, lines, width=width, paint=paint)
    yield from _excerpt_lines(finding, width=width, paint=paint)
    if reason:
        yield f"  {style.cyan('why:')} {visible(reason)}"
    if finding.hint:
        yield from (f"  {style.cyan('hint:')} {visible(line)}" for line in finding.hint.splitlines())
    for related in finding.related:
        yield from _related_lines(related, lines, width=width, style=style)


def _source_lines(span: Span, lines: _Lines, *, width: int, paint: Callable[[str], str]) -> Iterator[str]:
    line = lines.at(span)
    if line is None or not line.strip():
        return
    end = span.end_column - 1 if span.end_line == span.line else len(line)
    shown, carets = with_caret(line, span.column - 1, end, width=width - _MARGIN)
    yield f"{span.line:>5} | {shown}"
    yield f"      | {paint(carets)}"


def _excerpt_lines(finding: Finding, *, width: int, paint: Callable[[str], str]) -> Iterator[str]:
    if finding.excerpt is None or finding.excerpt.span is not None:
        return
    line, offset = line_at(finding.excerpt.text, finding.excerpt.start)
    start, end = finding.excerpt.start - offset, finding.excerpt.end - offset
    shown, carets = with_caret(line, start, end, width=width - _MARGIN)
    yield "      rendered:"
    yield f"      | {shown}"
    yield f"      | {paint(carets)}"


def _related_lines(related: Related, lines: _Lines, *, width: int, style: Style) -> Iterator[str]:
    yield f"  {place(related.span)}: {visible(related.message)}"
    yield from _source_lines(related.span, lines, width=width, paint=style.faint)


def _paint(severity: Severity, style: Style) -> Callable[[str], str]:
    return {Severity.ERROR: style.red, Severity.WARNING: style.yellow, Severity.NOTICE: style.cyan}[severity]


def counted(number: int, singular: str, plural: str) -> str:
    return f"{number:,} {singular if number == 1 else plural}"


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
