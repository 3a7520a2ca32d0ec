"""Which differences say the same of one entry in several environments, so that a reader needs to read them once only.

They have the same fate, the same words for each field, and the same references; texts may differ in what the
organisation's file says that an environment is, never in whom a change tells. Whom they notify and what they would
have done is told for each.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import lru_cache

from generator.explain.words import field_words
from generator.message.handles import handles
from generator.plan.comparison import Difference, Fate
from generator.plan.environments import handles_apart
from generator.plan.likeness import Likeness
from generator.plan.model import FieldChange
from generator.render.environment_values import EnvironmentValues
from generator.report.change_lines import MOST_LINES, field_lines, shown_lines, telling
from generator.report.review_section import Section
from generator.report.text_diff import Line
from generator.resources.tracking import environment_of, is_tracking_id
from generator.resources.types import resource_types

Environments = Mapping[str, EnvironmentValues]
"""What the organisation's file says of each, by name."""

NO_ENVIRONMENTS: Environments = {}
MOST_TOGETHER = 20
"""Environments of a section: each of them is named, however many there are."""

Placed = tuple[int, Difference]
_MOST_TRIED = 5
_QUERY = ("query",)
"""Its words tell what changes; those of a message only whom it tells."""
_WHOLE = (Fate.CREATED, Fate.REMOVED, Fate.REPLACED)


def sections(differences: Sequence[Difference], environments: Environments = NO_ENVIRONMENTS) -> Iterator[Section]:
    """What could hurt most first; no more is compared than is asked for."""
    order = list(Fate)
    entries: dict[Hashable, list[Placed]] = {}
    for position, each in sorted(enumerate(differences), key=lambda placed: order.index(placed[1].fate)):
        entries.setdefault(_entry(each) or position, []).append((position, each))
    for found in entries.values():
        for alike in _together(found, environments):
            yield Section(tuple(each for _, each in alike), tuple(position for position, _ in alike))


def section_lines(section: Section, environments: Environments = NO_ENVIRONMENTS) -> tuple[Line, ...]:
    """The field changes; where the environments have other texts around the same change, those of each."""
    columns = list(zip(*(telling(each.fields) for each in section.differences), strict=True))
    lines = [line for column in columns[:MOST_LINES] for line in _column_lines(section, column, environments)]
    return shown_lines(lines, len(columns))


def _entry(difference: Difference) -> Hashable:
    """None for what is of no environment."""
    name = difference.tracking_id
    if not is_tracking_id(name):
        return None
    place = (difference.path, difference.line, difference.previous_path, difference.siblings)
    return (difference.fate, difference.resource, name.rpartition("/")[0], *place)


def _together(found: Sequence[Placed], environments: Environments) -> Sequence[Sequence[Placed]]:
    if len(found) == 1:
        return [found]
    groups: list[list[Placed]] = []
    by_fields: dict[Hashable, list[list[Placed]]] = {}
    for each in found:
        known = by_fields.setdefault(tuple(field.path for field in telling(each[1].fields)), [])
        tried = (group for group in known[-_MOST_TRIED:] if len(group) < MOST_TOGETHER)
        group = next((group for group in tried if _are_alike(group[0][1], each[1], environments)), None)
        if group is None:
            group = []
            known.append(group)
            groups.append(group)
        group.append(each)
    return groups


def _are_alike(one: Difference, other: Difference, environments: Environments) -> bool:
    likeness = _between(one, other, environments)
    return (
        likeness.are_alike(_told(one), _told(other))
        and all(
            _is_alike_field(*pair, likeness) for pair in zip(telling(one.fields), telling(other.fields), strict=True)
        )
        and (one.fate not in _WHOLE or _are_alike_whole(one, other, likeness))
    )


def _told(difference: Difference) -> str:
    """What is said of it beside its fields, as one text."""
    uses = (f"{use.resource} {use.tracking_id} {use.remains} {use.goes} {use.silences}" for use in difference.uses)
    return "\n".join((difference.title, difference.previous_id or "", *uses, "", *difference.notes))


def _is_alike_field(one: FieldChange, other: FieldChange, likeness: Likeness) -> bool:
    words, others = (field_words(each.path, each.before, each.after) or "" for each in (one, other))
    if not likeness.are_alike(words, others) or handles(words) != handles(others):
        return False
    is_text = isinstance(one.before, str) or isinstance(one.after, str)
    if words and (one.path == _QUERY or not is_text):
        return True
    if all(likeness.aligned(*pair) == pair[1] for pair in ((one.before, other.before), (one.after, other.after))):
        return True
    details = _details(one)
    return bool(details) and likeness.are_alike(_text(details), _text(_details(other)))


def _are_alike_whole(one: Difference, other: Difference, likeness: Likeness) -> bool:
    """Of what comes or goes not all is shown, and all has to be alike but whom it tells."""
    resource_type = resource_types()[one.resource]
    for before, after in ((one.before, other.before), (one.after, other.after)):
        if before is None or after is None:
            if before is not after:
                return False
            continue
        form, there = ({**handles_apart(resource_type, each), "handles": None} for each in (before, after))
        if likeness.aligned(form, there) != there:
            return False
    return True


def _column_lines(section: Section, column: Sequence[FieldChange], environments: Environments) -> Iterator[Line]:
    yield field_lines(column[0])[0]
    groups: list[tuple[list[Difference], Sequence[Line]]] = []
    for each, field in zip(section.differences, column, strict=True):
        details = _details(field)
        alike = (
            members
            for members, lines in groups
            if _between(members[0], each, environments).are_alike(_text(lines), _text(details))
        )
        members = next(alike, None)
        if members is None:
            groups.append(([each], details))
        else:
            members.append(each)
    for members, details in groups:
        if len(groups) > 1:
            yield Line("!", f"in {', '.join(environment_of(each.tracking_id) for each in members)}:")
        yield from details


def _details(field: FieldChange) -> Sequence[Line]:
    return field_lines(field)[1:]


def _text(lines: Sequence[Line]) -> str:
    """All of the lines, without the handles in those that stay: each environment has its own."""
    return "\n".join(f"{line.mark} {_without_handles(line.text) if line.mark == '|' else line.text}" for line in lines)


def _without_handles(text: str) -> str:
    for handle in sorted(handles(text), key=len, reverse=True):
        text = text.replace(handle, "@")
    return text


def _between(one: Difference, other: Difference, environments: Environments) -> Likeness:
    first, second = (environment_of(each.tracking_id) for each in (one, other))
    return _likeness(*(environments.get(name, EnvironmentValues(name, "", "", "")) for name in (first, second)))


@lru_cache(maxsize=1_000)
def _likeness(first: EnvironmentValues, second: EnvironmentValues) -> Likeness:
    return Likeness(first, second)
