"""From a rule's complaint about a payload to a finding at a place of the YAML."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from generator.finding import Excerpt, Finding, Fix, Related, Span
from generator.lint.rule import Complaint, Elsewhere, Field, Replacement, Rule
from generator.render.model import Resource
from generator.source.wording import one_line

Locate = Callable[[Resource, Field], Span]
"""Resource and path of a field in its payload → where the YAML sets it."""
Found = tuple[Rule, Resource, Complaint]


def findings_of(found: Iterable[Found], locate: Locate) -> tuple[Finding, ...]:
    """Of equal messages about one place, such as from each environment or each `.as_count()` of a ratio, the first."""
    seen: dict[tuple[str, str, Span], Finding] = {}
    for rule, resource, complaint in found:
        made = _finding(rule, resource, complaint, locate)
        same = (made.rule, made.message, made.span)
        seen[same] = _of_both(seen[same], made) if same in seen else made
    return tuple(seen.values())


def _of_both(first: Finding, other: Finding) -> Finding:
    if other.tracking_ids[0] in first.tracking_ids:
        return first
    return msgspec.structs.replace(first, tracking_ids=first.tracking_ids + other.tracking_ids)


def _finding(rule: Rule, resource: Resource, complaint: Complaint, locate: Locate) -> Finding:
    return Finding(
        rule=rule.name,
        severity=rule.severity,
        message=one_line(complaint.message),
        span=locate(resource, complaint.field),
        hint=one_line(complaint.hint),
        excerpt=_excerpt(resource, complaint),
        related=tuple(_related(each, resource, locate) for each in complaint.related),
        tracking_ids=(resource.tracking_id,),
        fix=_fix(complaint.fix, resource, locate) if complaint.fix else None,
    )


def _excerpt(resource: Resource, complaint: Complaint) -> Excerpt | None:
    if complaint.start < 0:
        return None
    value = _value(resource, complaint.field)
    return Excerpt(value, complaint.start, complaint.end) if isinstance(value, str) else None


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
