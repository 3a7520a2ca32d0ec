"""JUnit XML as CI systems read it, for any text: https://github.com/jenkinsci/xunit-plugin names its elements."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from generator.finding import Finding, is_error
from generator.report.findings_text import place
from generator.report.visible import visible

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def suite(name: str, cases: Sequence[str], *, failures: int, skipped: int, empty: str) -> str:
    """One suite; a suite without cases passes as the case `empty`."""
    cases = cases or [case(name, empty, "")]
    counts = f'tests="{len(cases)}" failures="{failures}" errors="0" skipped="{skipped}"'
    body = "\n".join(cases)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<testsuites>\n<testsuite name={attribute(name)} {counts}>\n{body}\n</testsuite>\n</testsuites>\n"
    )


def case(classname: str, name: str, outcome: str) -> str:
    return f"<testcase classname={attribute(classname)} name={attribute(name)}>{outcome}</testcase>"


def finding_case(finding: Finding, outcome: str | None = None) -> str:
    """By default an error is a failure, and the rest passes and says what it is."""
    name = f"{finding.rule} at {place(finding.place)}"
    return case(finding.place.path, name, _outcome(finding) if outcome is None else outcome)


def passed(told: str) -> str:
    return f"<system-out>{text(told)}</system-out>"


def attribute(text: str) -> str:
    return quoteattr(_readable(text))


def _outcome(finding: Finding) -> str:
    told = "\n".join(filter(None, (f"{place(finding.place)}: {finding.message} [{finding.rule}]", finding.hint)))
    if is_error(finding):
        return f"<failure message={attribute(finding.message)} type={attribute(finding.rule)}>{text(told)}</failure>"
    return passed(f"{finding.severity.value}: {told}")


def text(lines: str) -> str:
    return escape("\n".join(_readable(line) for line in lines.splitlines()))


def _readable(line: str) -> str:
    """XML has no sign for some characters, not even as an escape."""
    return _NO_XML.sub("\ufffd", visible(line))
