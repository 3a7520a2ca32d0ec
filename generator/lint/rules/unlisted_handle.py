"""A message tells a handle that the account's list lacks, where the list may be incomplete.

The list of an account's handles is not documented. It has been seen to lack `@sns-…` handles that exist, and may leave
out whole services. So a handle of Amazon SNS, and one of a service of which the list has no handle at all, is only
told; what else is missing is an `unknown-handle`. See in Datadog whether the handle is there: an alert that is sent to
a handle that is not reaches nobody.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.answers import Answers
from generator.lint.listed_handles import Listing, found_handles
from generator.lint.rendered import Repository
from generator.lint.rule import Complaint
from generator.message.handles import Mention
from generator.message.problem import MessageProblem, shown
from generator.render.model import Resource

SEVERITY = Severity.NOTICE
REACH = "online"


def findings(repository: Repository, answers: Answers) -> Iterator[tuple[Resource, Complaint]]:
    yield from found_handles(repository, answers, Listing.DOUBTED, _problem)


def _problem(mention: Mention, _known: frozenset[str]) -> MessageProblem:
    message = f"{shown(mention.handle)} is not in the account's list of handles, which may be incomplete"
    return MessageProblem(message, mention.start, mention.end, "see in Datadog whether it is set up")
