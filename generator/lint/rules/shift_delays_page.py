"""A monitor that calls somebody looks only at what is long over.

Where all that a query reads is shifted back, nothing is told before the shift has passed. That is meant where a failure
of the night is for the next working day, and then nobody needs to be called. Where somebody is, look at once: remove
the shift, or leave the call out and tell a channel. Kinds that tell of a batch at a time that somebody chose are left
alone, and so is a call that no alert makes: of missing data, of a recovery, or in an escalation that is never sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.explain.durations import duration_text
from generator.finding import Severity
from generator.lint.message_reach import reaching, repeats, sent_events, troubles
from generator.lint.rendered import METRIC_TYPES, RenderedMonitor
from generator.lint.rule import Complaint, Elsewhere, Field
from generator.lint.shifting import SHIFTS
from generator.message.handles import mentions
from generator.message.paging import PAGING, is_paging
from generator.message.parser import parse_message
from generator.message.problem import shown
from generator.query.inspection import calls
from generator.query.nodes import Call, MonitorQuery

SEVERITY = Severity.WARNING
REACH = "resource"
TYPES = METRIC_TYPES
NODES = (Call,)

# A page that comes ten minutes later is still one.
_SOON_SECONDS = 600
_ESCALATION = ("options", "escalation_message")


def findings(node: Call, monitor: RenderedMonitor) -> Iterable[Complaint]:
    return _complaints(node, monitor) if node.name in SHIFTS and monitor.resource.happens is None else ()


def _complaints(node: Call, monitor: RenderedMonitor) -> Iterator[Complaint]:
    query = monitor.tree
    if not isinstance(query, MonitorQuery) or not _is_first_shift(node, query):
        return
    shift = min((shift for _, shift in monitor.leaf_shifts), default=0)
    called = _first_call(monitor) if shift > _SOON_SECONDS else None
    if called is not None:
        field, handle = called
        yield Complaint(
            f"{shown(handle)} is called {duration_text(shift)} after what happened",
            ("query",),
            hint="look at once, without a shift, or tell a channel and call nobody",
            start=node.span[0],
            end=node.span[1],
            related=(Elsewhere("the message calls it", field),),
        )


def _first_call(monitor: RenderedMonitor) -> tuple[Field, str] | None:
    texts = ((("message",), monitor.message(), troubles()), (_ESCALATION, monitor.escalation(), troubles() & repeats()))
    for field, text, told in texts:
        lowered = text.lower()
        if any(each in lowered for each in PAGING):
            sent = told & sent_events(monitor)
            for mention in mentions(parse_message(text)):
                if is_paging(mention.handle) and sent & reaching(mention.branches):
                    return field, mention.handle
    return None


def _is_first_shift(node: Call, query: MonitorQuery) -> bool:
    return node is next((each for each in calls(query) if each.name in SHIFTS), None)
