"""A message has what looks like a handle and tells nobody.

A handle starts a word (`@slack-ops`, not `told@slack-ops`), joins the service and its target by a hyphen
(`@slack-ops`, not `@slack_ops` or `@slack-#ops`) and names the target (`@slack-ops`, not `@slack`). `@here` and
`@channel` are Slack's words: Datadog writes them into a channel as `<!here>` and `<!channel>`. Datadog takes each of
these as text, and the alert is sent to nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

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
_SUSPECT = re.compile(
    rf"""(?P<wide>\uff20(?:{_SERVICE})-[\w-]*)
    |@(?:(?P<glued>(?<=\w@)(?:{_SERVICE})-[\w-]+(?!\.?[\w-]))
        |(?<![\w./]@)(?:
            (?P<chat>(?:here|channel|everyone)(?![\w@./-]))
            |(?P<hash>(?:{_SERVICE})-[\w-]*\#[\w\#-]*)
            |(?P<joined>(?:{_SERVICE})[_:/][\w-]+(?![\w.+-]*@))
            |(?P<alone>(?:{_NEEDS_TARGET})-?(?![\w@/:\#-]|\.\w|\{{\{{))))""",
    re.VERBOSE | re.IGNORECASE,
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
    texts = (part.node for part in message.parts if isinstance(part.node, Text))
    text = next(texts, None)
    for match in _SUSPECT.finditer(message.source):
        while text is not None and text.end <= match.start():
            text = next(texts, None)
        if text is not None and text.start <= match.start():
            yield _problem(match)


def _problem(match: re.Match[str]) -> MessageProblem:
    found, kind = match[0], match.lastgroup or ""
    service = re.split(r"[-_:/]", found[1:], maxsplit=1)[0]
    told, hint = {
        "wide": (f"{shown(found)} starts with a full-width sign", "write `@`"),
        "glued": (f"{shown(found)} stands inside a word", "write a blank before it"),
        "chat": (
            f"{shown(found)} is Slack's word, no handle",
            f"beside a channel's handle write `<!{found[1:].lower()}>`",
        ),
        "hash": (f"{shown(found)} holds a `#`", f"write the channel without it: `{found.replace('#', '')}`"),
        "joined": (
            f"{shown(found)} has no hyphen behind the service",
            f"write `@{service}-{found[len(service) + 2 :]}`",
        ),
        "alone": (f"{shown(found)} names no target", f"write whom: `@{service}-…`"),
    }[kind]
    return MessageProblem(f"{told}, and tells nobody", match.start(), match.end(), hint)
