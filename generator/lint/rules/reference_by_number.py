"""A composite or an SLO alert names another resource by Datadog's id.

The number says nothing to a reader, does not exist in another organisation, and stays when the monitor is replaced by a
new one: the composite then asks for a monitor that is gone. Write `%{NAME}` for what this repository manages,
`%{SERVICE/NAME}` for that of another service. For what it does not manage, adopt that (`adopt: {production: 123}`), or
suppress this.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.rendered import RenderedMonitor
from generator.lint.rule import Complaint
from generator.message.problem import shown
from generator.query.nodes import ChainQuery, MonitorId, StringLiteral

SEVERITY = Severity.NOTICE
REACH = "resource"
TYPES = ("composite", "slo alert")
NODES = (ChainQuery, MonitorId)

_HINT = "write `%{NAME}` or `%{SERVICE/NAME}` if it is one of this repository"


def findings(node: ChainQuery | MonitorId, monitor: RenderedMonitor) -> Iterator[Complaint]:  # noqa: ARG001  the signature of rules about nodes
    if isinstance(node, MonitorId):
        message = f"the monitor `{node.number}` is named by its number"
        yield Complaint(message, ("query",), hint=_HINT, start=node.span[0], end=node.span[1])
        return
    for argument in node.arguments:
        if isinstance(argument, StringLiteral) and not argument.text.startswith("%{"):
            message = f"the SLO {shown(argument.text)} is named by its id"
            yield Complaint(message, ("query",), hint=_HINT, start=argument.span[0], end=argument.span[1])
