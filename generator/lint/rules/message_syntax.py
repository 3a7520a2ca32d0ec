"""A message has a tag that Datadog cannot read: a block that is not closed, a quote too few, an `eval` of nonsense.

What stands in a block that is not closed, or closed in the wrong place, reaches nobody or everybody, and this comes out
when the alert is sent. Close each `{{#is_alert}}` with `{{/is_alert}}`, inner blocks first; write the arguments of
`is_match` and the expression of `eval` in quotes; write braces that are meant as text in `{{{{raw}}}}`.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.messages import complaints
from generator.lint.rendered import RenderedMonitor
from generator.lint.rule import Complaint
from generator.message.parser import parse_message

SEVERITY = Severity.ERROR
REACH = "resource"


def findings(monitor: RenderedMonitor) -> Iterator[Complaint]:
    for field, text, said in monitor.outlines:
        if said.message.problems:
            yield from complaints(parse_message(text).problems, field)
