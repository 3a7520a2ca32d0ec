"""A message names a variable that Datadog does not document, and is sent with nothing in its place.

`{{valeu}}` comes out empty. A group's tag is written with `.name`: `{{host.name}}`, not `{{host}}`. The variables are
those of https://docs.datadoghq.com/monitors/notify/variables/; the hint names the nearest.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from generator.finding import Severity
from generator.lint.messages import MOST_COMPLAINTS, known_keys
from generator.lint.rendered import RenderedMonitor
from generator.lint.rule import Complaint, Field, Replacement
from generator.message.parser import parse_message
from generator.message.problem import nearest, shown
from generator.message.uses import uses
from generator.message.vocabulary import CONDITIONS, SLO_VARIABLES, VARIABLES

SEVERITY = Severity.WARNING
REACH = "resource"

_KNOWN = frozenset((*VARIABLES, *SLO_VARIABLES))
# A synthetic test hands its own variables to the message; blocks that stand as variables are told as such.
_UNJUDGED = frozenset(CONDITIONS)
_UNJUDGED_TYPES = frozenset({"synthetics alert"})


def findings(monitor: RenderedMonitor) -> Iterator[Complaint]:
    for field, text, said in monitor.outlines:
        if any(len(parts) == 1 and parts[0] not in _KNOWN for parts in said.variables):
            yield from islice(_complaints(text, field, monitor), MOST_COMPLAINTS)


def _complaints(text: str, field: Field, monitor: RenderedMonitor) -> Iterator[Complaint]:
    if monitor.type in _UNJUDGED_TYPES:
        return
    keys = known_keys(monitor.tree, monitor.type) or frozenset[str]()
    for use in uses(parse_message(text)):
        # A match takes a tag's key alone too, as in the documentation's `is_match "env" "production"`.
        if len(use.parts) == 1 and use.name not in _KNOWN | _UNJUDGED and not use.is_compared:
            message = f"Datadog documents no variable {shown(use.name)}"
            fix = Replacement(_tag_name(use.name), field, use.start, use.end) if use.name in keys else None
            yield Complaint(message, field, hint=_hint(use.name, keys), start=use.start, end=use.end, fix=fix)


def _hint(name: str, keys: frozenset[str]) -> str:
    if name in keys:
        return f"write `{{{{{_tag_name(name)}}}}}` for the group's tag"
    near = nearest(name, _KNOWN)
    return f"did you mean `{{{{{near}}}}}`?" if near else "a tag that the query groups by is written `{{key.name}}`"


def _tag_name(key: str) -> str:
    return f"[{key}].name" if "." in key else f"{key}.name"
