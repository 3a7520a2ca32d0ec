"""Where something is wrong and what: one shape for YAML errors, query errors and lint."""

from __future__ import annotations

import enum

import msgspec


class Severity(enum.Enum):
    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


class Span(msgspec.Struct, frozen=True, order=True):
    """A place in a project file. Lines and columns count from 1, columns in characters; the end is exclusive."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


class Excerpt(msgspec.Struct, frozen=True):
    """Text of a rendered field, with the part to mark as character offsets.

    `span` is that part in the file; None where the file does not have it as it stands (a template, an escape).
    """

    text: str
    start: int
    end: int
    span: Span | None = None


class Related(msgspec.Struct, frozen=True):
    """Another place that explains the finding, such as the first of two equal keys."""

    span: Span
    message: str


class Fix(msgspec.Struct, frozen=True):
    """A safe change of the file: where the YAML value at `span` is exactly `was`, it becomes `text`.

    With `start` and `end`, only these characters of it do, and `was` is text.
    """

    span: Span
    was: str | bool | float | int
    text: str
    start: int = -1
    end: int = -1


class Finding(msgspec.Struct, frozen=True):
    """What is wrong (`message`, one line), where, and in `hint` how to mend it. `rule` is its stable name.

    `tracking_ids` are the resources that it is about, one an environment; none for what is wrong with a file.
    """

    rule: str
    severity: Severity
    message: str
    span: Span
    hint: str = ""
    excerpt: Excerpt | None = None
    related: tuple[Related, ...] = ()
    tracking_ids: tuple[str, ...] = ()
    fix: Fix | None = None

    @property
    def place(self) -> Span:
        """What to show a person: the marked part where the file has it, else the whole value."""
        return self.excerpt.span if self.excerpt and self.excerpt.span else self.span


def is_error(finding: Finding) -> bool:
    return finding.severity is Severity.ERROR


def in_reading_order(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Sort by place, each finding once."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda finding: (finding.span, finding.rule, finding.message)))
