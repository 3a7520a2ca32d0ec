"""Findings as JUnit XML: errors are failures, what is suppressed is skipped, the rest passes and says what it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from generator.finding import Finding, is_error
from generator.lint.suppressing import Suppressed
from generator.report.findings_text import place
from generator.report.visible import visible

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SUITE = "toban lint"


def findings_junit(findings: Sequence[Finding], suppressed: Sequence[Suppressed]) -> str:
    cases = [_case(finding, _outcome(finding)) for finding in findings]
    cases += (_case(each.finding, f"<skipped message={_attribute(each.by.reason)}/>") for each in suppressed)
    if not cases:
        cases = [f'<testcase classname="{_SUITE}" name="no findings"/>']
    failures = sum(map(is_error, findings))
    counts = f'tests="{len(cases)}" failures="{failures}" errors="0" skipped="{len(suppressed)}"'
    body = "\n".join(cases)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites>\n<testsuite name="{_SUITE}" {counts}>\n{body}\n</testsuite>\n</testsuites>\n'
    )


def _case(finding: Finding, outcome: str) -> str:
    name = f"{finding.rule} at {place(finding.place)}"
    return f"<testcase classname={_attribute(finding.place.path)} name={_attribute(name)}>{outcome}</testcase>"


def _outcome(finding: Finding) -> str:
    told = "\n".join(filter(None, (f"{place(finding.place)}: {finding.message} [{finding.rule}]", finding.hint)))
    if is_error(finding):
        return f"<failure message={_attribute(finding.message)} type={_attribute(finding.rule)}>{_text(told)}</failure>"
    return f"<system-out>{_text(f'{finding.severity.value}: {told}')}</system-out>"


def _text(text: str) -> str:
    return escape("\n".join(_readable(line) for line in text.splitlines()))


def _attribute(text: str) -> str:
    return quoteattr(_readable(text))


def _readable(line: str) -> str:
    """XML has no sign for some characters, not even as an escape."""
    return _NO_XML.sub("\ufffd", visible(line))
