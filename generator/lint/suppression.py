"""What `# toban: ignore[rule-id] until 2027-01-31: reason` says.

It speaks of its own line, or of the next one where it stands alone; on the line of a monitor's name, of the whole
monitor. `ignore-file` stands at the top and speaks of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import msgspec

from generator.finding import Finding, Severity, Span
from generator.source.comments import Comment
from generator.source.wording import shown

SYNTAX = "suppression-syntax"
_LONGEST = 1000
_FORM = re.compile(
    r"(?P<what>ignore-file|ignore)\[(?P<rules>[^\]]*)\]\s*(?:until\s+(?P<until>[^\s:]+))?\s*(?P<reason>:.*)?\Z"
)
_EXAMPLE = "write `# toban: ignore[rule-id] until 2027-01-31: reason`; `until …` may be left out"


class Suppression(msgspec.Struct, frozen=True):
    """Leaves findings of `rules` out of account, for a reason, up to and with a day; `line` 0 is the whole file."""

    rules: tuple[str, ...]
    span: Span
    line: int
    reason: str
    until: date | None

    @property
    def is_of_file(self) -> bool:
        return self.line == 0

    def is_expired(self, today: date) -> bool:
        return self.until is not None and today > self.until


def suppression(comment: Comment) -> Suppression | Finding:
    """What the comment suppresses, or why it suppresses nothing."""
    if len(comment.text) > _LONGEST:
        return _refused(comment, f"this comment is longer than {_LONGEST} characters")
    found = _FORM.match(comment.text)
    if not found:
        return _refused(comment, f"{shown('toban: ' + comment.text)} is not understood")
    wrong = next(_wrong(found, comment), None)
    if wrong:
        return _refused(comment, *wrong)
    line = 0 if _is_of_file(found) else comment.covers
    return Suppression(_rules(found), comment.span, line, _reason(found), _day(found["until"]))


def _wrong(found: re.Match[str], comment: Comment) -> Iterator[tuple[str, str]]:
    """Message and hint."""
    if not _rules(found):
        yield "this names no rule to ignore", "write the rule as the finding has it in brackets"
    if found["until"] and _day(found["until"]) is None:
        yield f"{shown(found['until'])} is no day", "write it as `until 2027-01-31`"
    if not _reason(found):
        yield "this gives no reason", "say after a colon why the finding does not matter here"
    if _is_of_file(found) and not comment.is_at_top:
        yield "`ignore-file` speaks of the whole file, but does not stand at its top", "move it to the first line"


def _is_of_file(found: re.Match[str]) -> bool:
    return found["what"] == "ignore-file"


def _rules(found: re.Match[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.strip() for each in found["rules"].split(",") if each.strip()))


def _reason(found: re.Match[str]) -> str:
    return (found["reason"] or "").removeprefix(":").strip()


def _refused(comment: Comment, message: str, hint: str = _EXAMPLE) -> Finding:
    return Finding(SYNTAX, Severity.WARNING, message, comment.span, hint)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text and re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) else None
    except ValueError:
        return None
