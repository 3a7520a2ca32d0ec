"""A review in words: what a comment shows of it, with nothing left to work out and no mark-up.

What a pull request's job uploads has this form. A stranger may have written it, so each text, number and list has a
bound, and nothing nests.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from generator.finding import Severity
from generator.plan.comparison import Fate
from generator.report.visible import LONGEST_SENTENCE

MOST_TOLD = 500
"""Obstacles, and findings, that are told; a comment has room for fewer."""
MOST_SENTENCES = 500
LONGEST_ROW = 8_000
"""Characters of a row of a difference, with each that cannot be seen as an escape."""

Count = Annotated[int, Meta(ge=0, le=1_000_000_000)]
Workspace = Annotated[str, Meta(pattern=r"^(?:[a-z0-9][a-z0-9._-]*)?$(?!\n)", max_length=100)]
RuleName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]*$(?!\n)", max_length=100)]
Words = Annotated[str, Meta(max_length=LONGEST_SENTENCE)]
Row = Annotated[str, Meta(max_length=LONGEST_ROW)]


class ToldCounts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Number of resources by fate, and of those that stay as they are."""

    removed: Count
    replaced: Count
    changed: Count
    created: Count
    moved: Count
    unchanged: Count


class ToldObstacle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    rule: RuleName
    message: Words
    hint: Words
    blocks: bool
    tracking_id: Words
    id: Words | None
    path: Words
    line: Count
    needs_review: bool


class ToldFinding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where it is in the words of `Span`."""

    rule: RuleName
    severity: Severity
    message: Words
    hint: Words
    path: Words
    line: Count
    column: Count
    end_line: Count
    end_column: Count


class ToldFindings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Errors first; how many there are in all, and in how many files those are that are no errors."""

    first: Annotated[tuple[ToldFinding, ...], Meta(max_length=MOST_TOLD)]
    errors: Count
    warnings: Count
    notices: Count
    files: Count


class ToldSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of so many resources what becomes of them; `environments` are named where there are several.

    One that `is_brief` shows its first lines only.
    """

    service: Words
    fate: Fate
    resource: Words
    entry: Words
    resources: Count
    environments: Annotated[tuple[Words, ...], Meta(max_length=50)]
    headlines: Annotated[tuple[Words, ...], Meta(max_length=50)]
    path: Words
    line: Count
    sentences: Annotated[tuple[Words, ...], Meta(max_length=MOST_SENTENCES)] = ()
    rows: Annotated[tuple[Row, ...], Meta(max_length=200)] = ()
    is_brief: bool = False


class ToldReview(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`obstacles` are the first of `all_obstacles`; the workspace is empty where nobody could read it.

    `command` shows all of it at a terminal.
    """

    workspace: Workspace
    base: Words
    counts: ToldCounts
    obstacles: Annotated[tuple[ToldObstacle, ...], Meta(max_length=MOST_TOLD)]
    all_obstacles: Count
    is_blocked: bool
    findings: ToldFindings
    sections: Annotated[tuple[ToldSection, ...], Meta(max_length=2_000)]
    digest: Words
    command: Words = ""
