"""A message tells a handle that the account does not have.

Datadog sends to handles of services that are set up in the account, and says nothing about others: the alert fires and
nobody hears of it. Only the account's own list knows; `toban plan` and `toban lint --online` hold the handles of
monitors that would change against it. Addresses are not judged, since Datadog writes to any, nor handles with a
variable in them. A handle of a service of which the list has none is told as `unlisted-handle`.
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
from generator.source.wording import nearest

SEVERITY = Severity.WARNING
REACH = "online"


def findings(repository: Repository, answers: Answers) -> Iterator[tuple[Resource, Complaint]]:
    yield from found_handles(repository, answers, Listing.MISSING, _problem)


def _problem(mention: Mention, known: frozenset[str]) -> MessageProblem:
    service = mention.handle.partition("-")[0].lower()
    meant = nearest(mention.handle.lower(), [each for each in known if each.startswith(f"{service}-")])
    hint = f"did you mean `{meant}`?" if meant else "set it up in Datadog, or write one that is"
    message = f"{shown(mention.handle)} is not among the account's handles, so nobody is told"
    return MessageProblem(message, mention.start, mention.end, hint)
