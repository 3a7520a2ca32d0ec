"""A message's `local_time` names a time zone that does not exist, and is sent without the time.

`{{local_time 'last_triggered_at' 'Asia/Tokyo'}}` takes a name of the tz database. `JST` is none, nor is a city alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.messages import complaints
from generator.lint.rendered import RenderedMonitor
from generator.lint.rule import Complaint
from generator.message.nodes import Call, Function, Message, Tag
from generator.message.parser import parse_message
from generator.message.problem import MessageProblem
from generator.schedule.zones import UnknownZone, zone

SEVERITY = Severity.ERROR
REACH = "resource"


def findings(monitor: RenderedMonitor) -> Iterator[Complaint]:
    for field, text, said in monitor.outlines:
        if "local_time" in said.functions:
            yield from complaints(_problems(parse_message(text)), field)


def _problems(message: Message) -> Iterator[MessageProblem]:
    for part in message.parts:
        tag = part.node
        if isinstance(tag, Tag) and isinstance(tag.content, Function) and tag.content.call.name == "local_time":
            for named in tag.content.call.arguments[1:2]:
                found = zone(named.name if isinstance(named, Call) else named.text)
                if isinstance(found, UnknownZone):
                    yield MessageProblem(found.message, tag.start + named.start, tag.start + named.end, found.hint)
