"""A monitor's name has blanks around it or a line break in it, is empty, or too long for those who read it.

The name is the title of each notification. Datadog drops blanks around it and answers with another name than it was
sent. A line break ends the title in mail and chats, and what is longer than 255 characters is cut off there. Write one
line that says what is wrong and where; the rest belongs in the message.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.rendered import RenderedMonitor
from generator.lint.rule import Complaint, Replacement

SEVERITY = Severity.WARNING
REACH = "resource"

_LONGEST = 255
_FIELD = ("name",)


def findings(monitor: RenderedMonitor) -> Iterator[Complaint]:
    name = monitor.resource.payload.get("name")
    if not isinstance(name, str):
        return
    tidy = name.strip()
    if not tidy:
        yield Complaint("the name is empty", _FIELD, hint="say in one line what is wrong and where")
    elif len(tidy.splitlines()) > 1:
        yield Complaint("the name has a line break", _FIELD, hint="write one line; the rest belongs in the message")
    elif tidy != name:
        yield Complaint(
            "the name has blanks around it", _FIELD, hint="remove them", fix=Replacement(tidy, _FIELD, 0, len(name))
        )
    elif len(name) > _LONGEST:
        message = f"the name has {len(name)} characters, and notifications cut it off"
        yield Complaint(message, _FIELD, hint=f"write at most {_LONGEST}; the rest belongs in the message")
