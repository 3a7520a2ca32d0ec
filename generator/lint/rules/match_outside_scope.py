"""A part of a message is for a tag that the monitor never reads.

A query of `{env:production}` has no other environment to tell of, so `{{#is_match "env.name" "staging"}}` is never
sent, and `{{^is_match "env.name" "staging"}}` always. Handles in it are told of nothing. Where several monitors share a
message, one whose query reads the tag is enough; keys that the query groups by are left alone. Remove the block, or
widen the query (https://docs.datadoghq.com/monitors/notify/variables/).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from msgspec import Struct

from generator.finding import Severity
from generator.lint.messages import MOST_COMPLAINTS, branch_words, condition_arguments, fixed_tags
from generator.lint.rendered import RenderedMonitor, Repository, key
from generator.lint.rule import Complaint, Field, ResourceKey
from generator.message.conditions import is_exact_match, is_match
from generator.message.nodes import Branch, Message
from generator.message.parser import parse_message
from generator.message.problem import shown

SEVERITY = Severity.WARNING
REACH = "repository"

_TESTS = {"is_match": is_match, "is_exact_match": is_exact_match}
_Place = tuple[int, bool]
"""Which opening tag of a text, and whether it is what follows it or its `{{else}}`."""


class Dead(Struct, frozen=True):
    """A part of a text that is never sent."""

    place: _Place
    message: str
    start: int
    end: int


class Said(Struct, frozen=True):
    """A text with conditions on tags; texts of one `shape` have the same tags, as those of a set have."""

    of: ResourceKey
    field: Field
    shape: str
    dead: tuple[Dead, ...]


class Facts(Struct, frozen=True):
    """Of one file."""

    said: tuple[Said, ...]


def facts(repository: Repository) -> Facts:
    return Facts(tuple(each for monitor in repository.monitors for each in _said(monitor)))


def findings(facts: Mapping[str, Facts]) -> Iterator[tuple[ResourceKey, Complaint]]:
    alike: defaultdict[tuple[Field, str], list[Said]] = defaultdict(list)
    for each in facts.values():
        for said in each.said:
            alike[said.field, said.shape].append(said)
    for same in alike.values():
        everywhere = set[_Place]({each.place for each in same[0].dead}).intersection(
            *({each.place for each in said.dead} for said in same[1:])
        )
        for said in same if everywhere else ():
            yield from ((said.of, _complaint(each, said.field)) for each in said.dead if each.place in everywhere)


def _said(monitor: RenderedMonitor) -> Iterator[Said]:
    for field, text, outlined in monitor.outlines:
        if outlined.conditions & _TESTS.keys():
            fixed = fixed_tags(monitor.tree)
            is_dead = any(_is_dead(branch, fixed) for part in outlined.message.parts for branch in part.branches)
            dead = tuple(_dead(parse_message(text), fixed)) if is_dead else ()
            yield Said(key(monitor.resource), field, outlined.message.source, dead[:MOST_COMPLAINTS])


def _dead(message: Message, fixed: Mapping[str, str]) -> Iterator[Dead]:
    numbers: dict[int, int] = {}
    seen: set[_Place] = set()
    for part in message.parts:
        for branch in part.branches:
            number = numbers.setdefault(branch.opening.start, len(numbers))
            place = (number, branch.holds)
            if place not in seen and _is_dead(branch, fixed):
                tag, name = branch.opening, _key(branch)
                told = f"{branch_words(branch)} is never sent: the query reads {shown(f'{name}:{fixed[name]}')} only"
                yield Dead(place, told, tag.start, tag.end)
            seen.add(place)


def _key(branch: Branch) -> str:
    return condition_arguments(branch)[0].removesuffix(".name")


def _is_dead(branch: Branch, fixed: Mapping[str, str]) -> bool:
    """Whether `is_match` heeds the case of a tag is not documented: a part is dead only where it is so in any case."""
    test, arguments = _TESTS.get(branch.condition.name), condition_arguments(branch)
    if test is None or len(arguments) < 2 or (value := fixed.get(_key(branch))) is None:
        return False
    wanted = tuple(arguments[1:])
    answers = {test(value, wanted), test(value, tuple(each.lower() for each in wanted))}
    return branch.holds not in answers


def _complaint(dead: Dead, field: Field) -> Complaint:
    hint = "remove the block, or widen the query"
    return Complaint(dead.message, field, hint=hint, start=dead.start, end=dead.end)
