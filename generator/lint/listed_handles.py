"""The handles of a message, held against those that the account lists."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator

from generator.lint.answers import Answers
from generator.lint.messages import complaints
from generator.lint.rendered import Repository
from generator.lint.rule import Complaint
from generator.message.handles import Mention, mentions
from generator.message.parser import parse_message
from generator.message.problem import MessageProblem
from generator.render.model import Resource

_MESSAGES = (("message",), ("options", "escalation_message"))
_OFTEN_MISSING = "@sns"
"""Datadog's list has these at one time and lacks them at another (https://github.com/grosser/kennel)."""


class Listing(enum.Enum):
    """Whether the account's list has a handle; `DOUBTED` where the list may lack what exists."""

    LISTED = "listed"
    MISSING = "missing"
    DOUBTED = "doubted"


Problem = Callable[[Mention, frozenset[str]], MessageProblem]


def found_handles(
    repository: Repository, answers: Answers, listing: Listing, problem: Problem
) -> Iterator[tuple[Resource, Complaint]]:
    """A complaint at each mention that is listed so; none where the list names no service."""
    known = frozenset(handle.lower() for handle in answers.handles or ())
    services = frozenset(map(_service, known)) - {None}
    if not services:
        return
    for monitor in repository.monitors:
        for field in _MESSAGES:
            text = (monitor.options if len(field) > 1 else monitor.resource.payload).get(field[-1])
            if not isinstance(text, str) or "@" not in text:
                continue
            problems = (
                problem(each, known)
                for each in mentions(parse_message(text))
                if _listing(each.handle.lower(), known, services) is listing
            )
            yield from ((monitor.resource, each) for each in complaints(problems, field))


def _listing(handle: str, known: frozenset[str], services: frozenset[str | None]) -> Listing:
    service = _service(handle)
    if service is None or "{{" in handle or handle in known:
        return Listing.LISTED
    if service == _OFTEN_MISSING or service not in services:
        return Listing.DOUBTED
    return Listing.MISSING


def _service(handle: str) -> str | None:
    """`@slack` of `@slack-ops`; None for an address, to which Datadog writes though no user has it."""
    service, hyphen, _ = handle.partition("-")
    return service if hyphen and "@" not in handle[1:] else None
