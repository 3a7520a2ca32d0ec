"""An option is about groups that the query does not have.

`notify_by` chooses among the keys of the query's groups, and `new_group_delay` waits for new groups: Datadog refuses
both on a query without groups (`The new_group_delay option can only be used for multi-alert monitors`), and a key that
is not there. What counts are the groups that are left: `count_nonzero(… by {host})` and `top(…)` of one have fewer
than stand in the text. Group the query by the key, or remove it from the option.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.rendered import RenderedMonitor
from generator.lint.rule import Complaint
from generator.message.problem import shown
from generator.query.groups import result_groups
from generator.query.nodes import ChainQuery, MonitorQuery

SEVERITY = Severity.ERROR
REACH = "resource"

_MOST_SHOWN = 10


def findings(monitor: RenderedMonitor) -> Iterator[Complaint]:
    options = monitor.options
    notify_by, delay = options.get("notify_by"), options.get("new_group_delay")
    if not (notify_by or delay) or not _has_groups_of_its_own(monitor):
        return
    keys = result_groups(monitor.tree)
    if delay and not keys:
        hint = "add `by {…}` to the query, or remove it"
        yield Complaint(
            "`new_group_delay` waits for groups, and the query has none", ("options", "new_group_delay"), hint=hint
        )
    for index, key in enumerate(notify_by if isinstance(notify_by, list) else ()):
        if isinstance(key, str) and key not in keys and (key != "*" or not keys):
            yield Complaint(_absent(key, keys), ("options", "notify_by", index), hint=_choices(keys))


def _has_groups_of_its_own(monitor: RenderedMonitor) -> bool:
    """A formula's groups are those of its queries in the option `variables`."""
    return isinstance(monitor.tree, MonitorQuery | ChainQuery) and not monitor.options.get("variables")


def _absent(key: str, keys: tuple[str, ...]) -> str:
    if not keys:
        return f"`notify_by` names {shown(key)}, and the query has no groups"
    return f"`notify_by` names {shown(key)}, by which the alert is not grouped"


def _choices(keys: tuple[str, ...]) -> str:
    if not keys:
        return "add `by {…}` to the query, or remove it"
    return f"choose from {', '.join(f'`{key}`' for key in (*keys[:_MOST_SHOWN], '*'))}"
