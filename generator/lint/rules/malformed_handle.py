"""A message has what looks like a handle and tells nobody.

A handle starts a word (`@slack-ops`, not `told@slack-ops`), joins the service and its target by a hyphen
(`@slack-ops`, not `@slack_ops` or `@slack-#ops`) and names the target (`@slack-ops`, not `@slack`). `@here` and
`@channel` are Slack's words: Datadog writes them into a channel as `<!here>` and `<!channel>`. Datadog takes each of
these as text, and the alert is sent to nobody. What only looks like it is left alone: facets of a search
(`@webhook_id:5`), packages (`@slack/bolt`), users of a host (`ssh ops@jira-1`), addresses and what stands in backticks.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from operator import itemgetter

from generator.finding import Severity
from generator.lint.messages import complaints
from generator.lint.rendered import RenderedMonitor
from generator.lint.rule import Complaint
from generator.message.nodes import Message, Text
from generator.message.parser import parse_message
from generator.message.problem import MessageProblem, shown

SEVERITY = Severity.WARNING
REACH = "resource"

_FULL_WIDTH = "\uff20"
_SERVICE = "jira|oncall|opsgenie|pagerduty|servicenow|slack|sns|teams|victorops|webhook|workflow"
# The others have one target that is meant where none is named.
_NEEDS_TARGET = "oncall|slack|sns|teams|webhook|workflow"
# Hosts are called by the others: `git@teams-git`, `app@oncall-db`.
_NO_HOST = "opsgenie|pagerduty|servicenow|slack|victorops"
_SUSPECT = re.compile(
    rf"""(?P<wide>\uff20(?:{_SERVICE})-[\w-]*+)
    |@(?:(?P<glued>(?<=\w@)(?:{_NO_HOST})-[\w-]++(?!\.[\w-]|[:/]\S))
        |(?<![\w./]@)(?:
            (?P<chat>(?:here|channel|everyone)(?![\w@./-]|:\S))
            |(?P<hash>(?:{_SERVICE})-[\w-]*+\#[\w\#-]*+)
            |(?P<joined>(?:{_SERVICE})_[\w-]++(?![\w.+-]*+@|\.\w|[:/]\S))
            |(?P<alone>(?:{_NEEDS_TARGET})-?(?![\w@/:\#-]|\.\w|\{{\{{))))""",
    re.VERBOSE | re.IGNORECASE,
)
_CODE_OR_ADDRESS = re.compile(
    r"""```.*?```|`[^`\n]*+`|://\S*+
    |\b(?:ssh|scp|sftp|rsync)(?:[ \t]++[^\s@]{1,40}+){0,5}?[ \t]++[\w.-]{1,40}+@\S*+""",
    re.DOTALL | re.VERBOSE,
)


def findings(monitor: RenderedMonitor) -> Iterator[Complaint]:
    for field, text in monitor.sent():
        if _FULL_WIDTH in text or _has_suspect(text):
            yield from complaints(_problems(parse_message(text)), field)


def _has_suspect(text: str) -> bool:
    """A message has few `@`: looking for them first is faster than a search."""
    at = text.find("@")
    while at >= 0:
        if _SUSPECT.match(text, at) is not None:
            return True
        at = text.find("@", at + 1)
    return False


def _problems(message: Message) -> Iterator[MessageProblem]:
    """A match may look beyond its text, at a variable that is a handle's target, but starts in it."""
    texts = [(part.node.start, part.node.end) for part in message.parts if isinstance(part.node, Text)]
    quoted = [match.span() for match in _CODE_OR_ADDRESS.finditer(message.source)]
    for match in _SUSPECT.finditer(message.source):
        if _lies_in(texts, match.start()) and not _lies_in(quoted, match.start()):
            yield _problem(match)


def _lies_in(spans: Sequence[tuple[int, int]], place: int) -> bool:
    """Whether one of the spans, which are in order, holds the place."""
    index = bisect_right(spans, place, key=itemgetter(0)) - 1
    return index >= 0 and place < spans[index][1]


def _problem(match: re.Match[str]) -> MessageProblem:
    found, kind = match[0], match.lastgroup or ""
    service = re.split(r"[-_]", found[1:], maxsplit=1)[0]
    told, hint = {
        "wide": (f"{shown(found)} starts with a full-width sign", "write `@`"),
        "glued": (f"{shown(found)} stands inside a word", "write a blank before it"),
        "chat": (
            f"{shown(found)} is Slack's word, no handle",
            f"beside a channel's handle write `<!{found[1:].lower()}>`",
        ),
        "hash": (f"{shown(found)} holds a `#`", f"write the channel without it: {shown(found.replace('#', ''))}"),
        "joined": (
            f"{shown(found)} has no hyphen behind the service",
            f"write {shown(f'@{service}-{found[len(service) + 2 :]}')}",
        ),
        "alone": (f"{shown(found)} names no target", f"write whom: `@{service}-…`"),
    }[kind]
    return MessageProblem(f"{told}, and tells nobody", match.start(), match.end(), hint)
