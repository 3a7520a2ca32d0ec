"""What a pull request's job uploads for its comment, and what main's own code makes of it."""

from __future__ import annotations

from html import escape

import msgspec

from generator.finding import Finding, Span, in_reading_order
from generator.plan.comparison import Comparison
from generator.report.html import code
from generator.report.markdown_parts import LONGEST_COMMENT, marker
from generator.report.review_findings import obstacle_findings
from generator.report.review_layout import UNKNOWN_WORKSPACE, Page, laid_out, obstacles
from generator.report.review_markdown import Surroundings, characters, told_review
from generator.report.review_told import ToldReview
from generator.report.visible import LONGEST_SENTENCE, short

VERSION = 1

_OURS = 2_000
"""Room for what the comment says beside the review: who wrote it, and where all of it is."""


class UnreadableReview(ValueError):  # noqa: N818  it says what is known
    """What was uploaded is no review in words. Its text may hold words of the upload."""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    review: ToldReview


class _Versioned(msgspec.Struct, frozen=True):
    version: int


def comment_json(comparison: Comparison, around: Surroundings, *, command: str = "") -> str:
    """Words and numbers only, of what a comment has room for; `command` shows all of it."""
    told = told_review(comparison, around, longest=LONGEST_COMMENT - _OURS, command=command)
    return msgspec.json.encode(_File(VERSION, told)).decode() + "\n"


def read_review(content: bytes) -> ToldReview:
    try:
        version = msgspec.json.decode(content, type=_Versioned).version
        if version != VERSION:
            raise UnreadableReview(f"it has version {version}, and this toban reads version {VERSION}")
        return msgspec.json.decode(content, type=_File, strict=True).review
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableReview(f"it cannot be read: {error}") from error


def comment_markdown(told: ToldReview, *, above: str, address: str = "") -> str:
    """`above` is Markdown for its first paragraph, `address` the page of the run, both of our own."""
    page = Page(LONGEST_COMMENT, characters, _whole(told, address), above)
    return laid_out(told, told.sections, page).text


def told_findings(told: ToldReview) -> tuple[Finding, ...]:
    """For code scanning: what is found, and what stands in the way of a sync, as far as the comment has it."""
    found = (
        Finding(
            each.rule,
            each.severity,
            each.message,
            Span(each.path, each.line, each.column, each.end_line, each.end_column),
            each.hint,
        )
        for each in told.findings.first
    )
    return in_reading_order((*found, *obstacle_findings(obstacles(told))))


def unreadable_markdown(*, above: str) -> str:
    """Instead of a review that cannot be read, so that none of an earlier commit stays."""
    return f"{marker(UNKNOWN_WORKSPACE)}\n{above}### The review cannot be read.\n\nSee the runs of this commit.\n"


def _whole(told: ToldReview, address: str) -> str:
    link = f'<a href="{escape(address)}">summary of the run</a>' if address else ""
    command = code(short(told.command, LONGEST_SENTENCE)) if told.command else ""
    return ", ".join(filter(None, (link, command)))
