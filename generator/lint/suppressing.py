"""Findings without those that a comment in the YAML suppresses, and what is wrong with such comments."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import msgspec

from generator.finding import Finding, Severity, in_reading_order, is_error
from generator.lint.rule import rules
from generator.lint.suppression import SYNTAX, Suppression, suppression
from generator.render.model import Resource
from generator.source.comments import Comment, toban_comments
from generator.source.reader import Files
from generator.source.wording import nearest, shown

EXPIRED, UNUSED, UNKNOWN = "suppression-expired", "suppression-unused", "suppression-unknown-rule"
_OWN = frozenset({SYNTAX, EXPIRED, UNUSED, UNKNOWN})
_MOST_COMMENTS = 10_000
_MOST_TOLD = 100
"""In one file."""


class Suppressed(msgspec.Struct, frozen=True):
    finding: Finding
    by: Suppression


class Settled(msgspec.Struct, frozen=True):
    """`findings` count; `suppressed` do not. Those about suppressions themselves are among the first."""

    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...]


def settled(findings: Sequence[Finding], files: Files, resources: Sequence[Resource], *, today: date) -> Settled:
    """Apply the comments of the files; `resources` are those that the findings can be about."""
    read = {path: _read(path, content) for path, content in files.items()}
    told = [each for path in read for each in read[path] if isinstance(each, Finding)]
    found = [each for path in read for each in read[path] if isinstance(each, Suppression)]
    if not found:
        return Settled(in_reading_order((*findings, *_some_of_each_file(told))), ())
    valid = [each for each in found if not each.is_expired(today)]
    told += (_expired(each) for each in found if each.is_expired(today))
    return _Settling(valid, resources).settled(findings, told)


def settled_further(
    findings: Sequence[Finding], files: Files, resources: Sequence[Resource], *, today: date
) -> Settled:
    """Apply the comments to findings of rules that were asked later; what is wrong with comments was told before."""
    read = (each for path, content in files.items() for each in _read(path, content))
    valid = [each for each in read if isinstance(each, Suppression) and not each.is_expired(today)]
    return _Settling(valid, resources).applied(findings)


def _read(path: str, content: bytes) -> tuple[Suppression | Finding, ...]:
    comments = toban_comments(path, content)
    read = tuple(suppression(comment) for comment in comments[:_MOST_COMMENTS])
    return (*read, _too_many(comments[_MOST_COMMENTS])) if len(comments) > _MOST_COMMENTS else read


def _some_of_each_file(told: Iterable[Finding]) -> Iterator[Finding]:
    """Not one for each line of a file that is full of comments."""
    counts: Counter[str] = Counter()
    for each in told:
        counts[each.span.path] += 1
        if counts[each.span.path] <= _MOST_TOLD:
            yield each


class _Settling:
    """The suppressions by what they cover: a line, a file, or the resources that are named on a line."""

    def __init__(self, suppressions: Sequence[Suppression], resources: Sequence[Resource]) -> None:
        self._suppressions = suppressions
        self._by_place: dict[tuple[str, str, int], Suppression] = {}
        for each in suppressions:
            for rule in each.rules:
                self._by_place.setdefault((rule, each.span.path, each.line), each)
        places = {(each.span.path, each.line) for each in suppressions}
        paths = {each.span.path for each in suppressions if each.is_of_file}
        self._lines: dict[str, list[tuple[str, int]]] = {}
        for resource in resources:
            if resource.path in paths or (resource.path, resource.line) in places:
                self._lines.setdefault(resource.tracking_id, []).append((resource.path, resource.line))
        self._used: set[tuple[Suppression, str]] = set()

    def applied(self, findings: Sequence[Finding]) -> Settled:
        kept: list[Finding] = []
        suppressed: list[Suppressed] = []
        for finding in findings:
            rest, by = self._of(finding)
            suppressed += (Suppressed(part, each) for part, each in by)
            kept += [] if rest is None else [rest]
        return Settled(tuple(kept), tuple(suppressed))

    def settled(self, findings: Sequence[Finding], told: Sequence[Finding]) -> Settled:
        kept, suppressed = msgspec.structs.astuple(self.applied(findings))
        known = {rule.name for rule in rules()}
        broken = {each.span.path for each in findings if is_error(each) and each.rule not in known}
        about = self._about(known, {each.rule for each in findings}, broken)
        return Settled(in_reading_order((*kept, *_some_of_each_file((*told, *about)))), suppressed)

    def _of(self, finding: Finding) -> tuple[Finding | None, list[tuple[Finding, Suppression]]]:
        """What of the finding is left, and what is suppressed by what: it may be so for some of its resources only."""
        if not _can_be_suppressed(finding):
            return finding, []
        here = self._at(finding.rule, finding.span.path, finding.span.line)
        if here is not None:
            return None, [(finding, here)]
        parts: dict[Suppression | None, list[str]] = {}
        for tracking_id in finding.tracking_ids:
            named = (self._at(finding.rule, *place) for place in self._lines.get(tracking_id, ()))
            parts.setdefault(next(filter(None, named), None), []).append(tracking_id)
        rest = parts.pop(None, None)
        by = [(_of_some(finding, names), each) for each, names in parts.items() if each is not None]
        return (finding if not by else None if rest is None else _of_some(finding, rest)), by

    def _at(self, rule: str, path: str, line: int) -> Suppression | None:
        for covered in (line, 0):
            found = self._by_place.get((rule, path, covered))
            if found is not None:
                self._used.add((found, rule))
                return found
        return None

    def _about(self, known: set[str], told: set[str], broken: set[str]) -> Iterator[Finding]:
        """Rules that there are not, and suppressions that nothing needs any more."""
        counts: Counter[str] = Counter()
        for each in self._suppressions:
            for rule in each.rules:
                counts[each.span.path] += (each, rule) not in self._used
                if (each, rule) in self._used or counts[each.span.path] > _MOST_TOLD:
                    continue
                if rule in _OWN or (rule in told and rule not in known):
                    yield _cannot(each, rule)
                elif rule not in known:
                    yield _unknown(each, rule)
                elif each.span.path not in broken and rule not in _asked_later():
                    yield _unused(each, rule)


def _can_be_suppressed(finding: Finding) -> bool:
    """What cannot be read or rendered would be left out in silence."""
    return bool(finding.tracking_ids) or not is_error(finding)


def _of_some(finding: Finding, tracking_ids: Sequence[str]) -> Finding:
    return msgspec.structs.replace(finding, tracking_ids=tuple(tracking_ids))


def _expired(of: Suppression) -> Finding:
    message = f"this suppressed {_listed(of.rules)} until {of.until} and does so no longer"
    return Finding(EXPIRED, Severity.WARNING, message, of.span, "mend what it hides, or write a later day and why")


def _unused(of: Suppression, rule: str) -> Finding:
    hint = "remove it; one comment speaks of its own line or, standing alone, of the next"
    return Finding(UNUSED, Severity.WARNING, f"nothing here is found by {shown(rule)}", of.span, hint)


@functools.cache
def _asked_later() -> frozenset[str]:
    """Rules of what Datadog answers: whether their suppressions are needed is not known without asking."""
    return frozenset(rule.name for rule in rules() if rule.reach == "online")


@functools.cache
def _nearest(name: str) -> str | None:
    return nearest(name, [rule.name for rule in rules()])


def _unknown(of: Suppression, rule: str) -> Finding:
    meant = _nearest(rule)
    hint = f"did you mean `{meant}`?" if meant else "a finding has the name of its rule in brackets"
    return Finding(UNKNOWN, Severity.WARNING, f"there is no rule {shown(rule)}", of.span, hint)


def _too_many(comment: Comment) -> Finding:
    message = f"more than {_MOST_COMMENTS} comments to toban; those from here on suppress nothing"
    return Finding(SYNTAX, Severity.WARNING, message, comment.span, "split the file: one service a file")


def _cannot(of: Suppression, rule: str) -> Finding:
    hint = "mend what it tells, and remove this"
    return Finding(SYNTAX, Severity.WARNING, f"{shown(rule)} cannot be suppressed", of.span, hint)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(shown, names))
