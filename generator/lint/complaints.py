"""From a rule's complaint about a payload to a finding at a place of the YAML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Protocol

import msgspec

from generator.finding import Excerpt, Finding, Fix, Related, Span
from generator.lint.rule import Complaint, Elsewhere, Field, Replacement, Rule
from generator.render.model import Resource
from generator.source.wording import one_line


class Locate(Protocol):
    """From the payload to the YAML."""

    def __call__(self, resource: Resource, payload_path: Field, /) -> Span:
        """Where the YAML sets a field."""
        ...

    def marked(self, resource: Resource, payload_path: Field, excerpt: Excerpt, /) -> Span | None:
        """Where it has the marked part of a field's text, if it has it as it stands."""
        ...


Found = tuple[Rule, Resource, Complaint]


MOST_OF_ONE = 100
"""Complaints of one rule about one resource: a list of which each member is wrong is mended a part at a time."""


def findings_of(found: Iterable[Found], locate: Locate) -> tuple[Finding, ...]:
    """Equal messages about one place come from each environment, or from each `.as_count()` of a ratio."""
    return each_once(_finding(*each, locate) for each in _some_of_each(found))


def _some_of_each(found: Iterable[Found]) -> Iterator[Found]:
    """The last one that is told says how many are not."""
    waiting: dict[tuple[str, str, str], list[Found]] = {}
    for rule, resource, complaint in found:
        waiting.setdefault((rule.name, resource.resource, resource.tracking_id), []).append((rule, resource, complaint))
    for same in waiting.values():
        more = len(same) - MOST_OF_ONE
        yield from same[: MOST_OF_ONE - (more > 0)]
        if more > 0:
            rule, resource, last = same[MOST_OF_ONE - 1]
            yield rule, resource, replace(last, message=f"{last.message}; and {more:,} more here")


def each_once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The first of those that are equal but for their resources, with the resources of all."""
    seen: dict[tuple[str, str, Span], list[Finding]] = {}
    for finding in findings:
        seen.setdefault((finding.rule, finding.message, finding.span), []).append(finding)
    return tuple(same[0] if len(same) == 1 else _of_all(same) for same in seen.values())


def _of_all(same: list[Finding]) -> Finding:
    tracking_ids = dict.fromkeys(name for each in same for name in each.tracking_ids)
    return msgspec.structs.replace(same[0], tracking_ids=tuple(tracking_ids))


def _finding(rule: Rule, resource: Resource, complaint: Complaint, locate: Locate) -> Finding:
    return Finding(
        rule=rule.name,
        severity=rule.severity,
        message=one_line(complaint.message),
        span=locate(resource, complaint.field),
        hint=one_line(complaint.hint),
        excerpt=_excerpt(resource, complaint, locate),
        related=tuple(_related(each, resource, locate) for each in complaint.related),
        tracking_ids=(resource.tracking_id,),
        fix=_fix(complaint.fix, resource, locate) if complaint.fix else None,
    )


def _excerpt(resource: Resource, complaint: Complaint, locate: Locate) -> Excerpt | None:
    if complaint.start < 0:
        return None
    value = _value(resource, complaint.field)
    if not isinstance(value, str):
        return None
    excerpt = Excerpt(value, complaint.start, complaint.end)
    return msgspec.structs.replace(excerpt, span=locate.marked(resource, complaint.field, excerpt))


def _related(elsewhere: Elsewhere, resource: Resource, locate: Locate) -> Related:
    of = elsewhere.of if isinstance(elsewhere.of, Resource) else resource
    return Related(locate(of, elsewhere.field), one_line(elsewhere.message))


def _fix(replacement: Replacement, resource: Resource, locate: Locate) -> Fix | None:
    value = _value(resource, replacement.field)
    if not isinstance(value, str | bool | int | float):
        return None
    return Fix(locate(resource, replacement.field), value, replacement.text, replacement.start, replacement.end)


def _value(resource: Resource, field: Field) -> Any:
    """None where the payload has no such field."""
    value: Any = resource.payload
    for step in field:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value
