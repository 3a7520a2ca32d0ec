"""A message names a tag that the query neither groups nor filters by: it is sent with nothing in its place.

Datadog fills `{{host.name}}` with the tag of the group that alerts. A query that is not grouped by `host` has none: the
text has a hole, and a handle built of the tag, or one behind `is_match`, is not told. Group the query by the key, or
take the variable out. `{{log.attributes.…}}` and its like exist on monitors of their own type only.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.messages import complaints, known_keys
from generator.lint.rendered import METRIC_TYPES, RenderedMonitor
from generator.lint.rule import Complaint
from generator.message.parser import parse_message
from generator.message.problem import MessageProblem, nearest, shown
from generator.message.uses import Use, uses
from generator.message.vocabulary import EVENT_ROOTS, SLO_VARIABLES, VARIABLES

SEVERITY = Severity.WARNING
REACH = "resource"

_OF_NO_TAG = frozenset((*VARIABLES, *SLO_VARIABLES))
# Datadog adds these keys of its tagging scheme to an alert whatever the query groups by, where it knows them.
_RESERVED = frozenset({"device", "env", "service", "source", "team", "version"})
# Attributes of a group's entity that stand under a name of their own.
_ENTITIES = {"network_device": frozenset({"device_ip"})}
# Monitors that read no event at all.
_EVENTLESS = METRIC_TYPES | {"process alert", "service check"}


def findings(monitor: RenderedMonitor) -> Iterator[Complaint]:
    for field, text, said in monitor.outlines:
        if not all(_is_plainly_grouped(parts, monitor.text) for parts in said.variables):
            keys = known_keys(monitor.tree, monitor.type)
            if keys is not None and not all(_can_be_filled(parts, keys, monitor) for parts in said.variables):
                yield from complaints(_problems(text, keys, monitor), field)


def _is_plainly_grouped(parts: tuple[str, ...], query: str) -> bool:
    """Most variables name the one key of a query: telling them by its text saves a walk over the tree."""
    return (parts[-1:] == ("name",) and f"by {{{parts[0]}}}" in query) or ".".join(parts) in _OF_NO_TAG


def _problems(text: str, keys: frozenset[str], monitor: RenderedMonitor) -> Iterator[MessageProblem]:
    for use in uses(parse_message(text)):
        # A variable of one word is no tag's, but a match takes a tag's key alone.
        if (len(use.parts) > 1 or use.is_compared) and not _can_be_filled(use.parts, keys, monitor):
            yield MessageProblem(_told(use, monitor), use.start, use.end, _hint(use, keys))


def _can_be_filled(parts: tuple[str, ...], keys: frozenset[str], monitor: RenderedMonitor) -> bool:
    root = parts[0] if parts else ""
    if not root or root in _RESERVED or ".".join(parts) in _OF_NO_TAG:
        return True
    if any(".".join(parts[:length]) in keys for length in range(1, len(parts) + 1)):
        return True
    if root in EVENT_ROOTS:
        return monitor.type not in _EVENTLESS or "variables" in monitor.options
    return bool(_ENTITIES.get(root, frozenset()) & keys)


def _told(use: Use, monitor: RenderedMonitor) -> str:
    if use.parts[0] in EVENT_ROOTS:
        return f"{shown(use.name)} does not exist on a monitor of type `{monitor.type}`"
    return f"the query neither groups nor filters by {shown(_key(use))}, so {shown(use.name)} is empty"


def _hint(use: Use, keys: frozenset[str]) -> str:
    if use.parts[0] in EVENT_ROOTS:
        return "name a tag that the query groups by"
    near = nearest(_key(use), keys)
    if near:
        return f"did you mean `{near}`? Or group the query by `{_key(use)}`"
    return f"group the query by `{_key(use)}`, or take the variable out"


def _key(use: Use) -> str:
    return ".".join(use.parts[:-1]) if use.parts[-1] == "name" else use.parts[0]
