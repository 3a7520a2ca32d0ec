"""What lint found, in the format that was asked for."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from generator.cli import _judging
from generator.cli._linting import Verdict
from generator.finding import Finding, Span
from generator.lint.rule import rules
from generator.lint.suppressing import Suppressed
from generator.report.findings_text import left_out_lines


def reported(verdict: Verdict, output: str, root: Path) -> str:
    found = verdict.found
    if output == "json":
        from generator.report.findings_json import findings_json

        return findings_json(found.findings, found.suppressed, verdict.known)
    if output == "sarif":
        return sarif(found.findings, found.suppressed, root)
    if output == "junit":
        from generator.report.findings_junit import findings_junit

        return findings_junit(found.findings, found.suppressed)
    if output == "github":
        return github(found.findings, root)
    left_out = left_out_lines(len(found.suppressed), verdict.known, verdict.where_known)
    return _judging.findings_for_people(found) + left_out


def sarif(findings: Iterable[Finding], suppressed: Iterable[Suppressed], root: Path, *, category: str = "") -> str:
    from generator.report.findings_sarif import findings_sarif

    moved = [msgspec.structs.replace(each, finding=_from_here(each.finding, root)) for each in suppressed]
    return findings_sarif(_all_from_here(findings, root), moved, rules(), version=_version(), category=category)


def github(findings: Iterable[Finding], root: Path) -> str:
    from generator.report.findings_github import findings_github

    return findings_github(_all_from_here(findings, root))


def _all_from_here(findings: Iterable[Finding], root: Path) -> list[Finding]:
    return [_from_here(each, root) for each in findings]


def _from_here(finding: Finding, root: Path) -> Finding:
    """With paths from the folder that we are called in, which is the one that code scanning and annotations mean."""
    prefix = Path(os.path.relpath(root)).as_posix()
    if prefix == "." or prefix.startswith(".."):
        return finding

    def moved(span: Span) -> Span:
        return msgspec.structs.replace(span, path=f"{prefix}/{span.path}")

    excerpt = finding.excerpt
    if excerpt and excerpt.span:
        excerpt = msgspec.structs.replace(excerpt, span=moved(excerpt.span))
    related = tuple(msgspec.structs.replace(each, span=moved(each.span)) for each in finding.related)
    return msgspec.structs.replace(finding, span=moved(finding.span), excerpt=excerpt, related=related)


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("toban")
    except PackageNotFoundError:
        return "0"
