"""An option is about groups that the query does not have.

`notify_by` chooses among the keys of the query's groups, and `new_group_delay` waits for new groups: Datadog refuses
both on a query without groups (`The new_group_delay option can only be used for multi-alert monitors`), and a key that
is not there. What counts are the groups that are left: `count_nonzero(… by {host})` has none. Group the query by the
key, or remove it from the option. A composite monitor and an SLO alert take their groups from elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.rendered import RenderedMonitor
from generator.lint.rule import Complaint
from generator.message.problem import shown
from generator.query.groups import result_groups
from generator.query.inspection import group_keys
from generator.query.nodes import ChainQuery, MonitorQuery

SEVERITY = Severity.ERROR
REACH = "resource"

_GROUPED_ELSEWHERE = frozenset({"composite", "slo alert"})
_MOST_SHOWN = 10


def findings(monitor: RenderedMonitor) -> Iterator[Complaint]:
    options = monitor.options
    notify_by, delay = options.get("notify_by"), options.get("new_group_delay")
    # What comes of a delay in quotes is not documented.
    waits = isinstance(delay, int | float) and not isinstance(delay, bool) and delay > 0
    if not (notify_by or waits) or not _has_groups_of_its_own(monitor):
        return
    keys = result_groups(monitor.tree)
    if waits and not keys:
        hint = "add `by {…}` to the query, or remove it"
        yield Complaint(
            "`new_group_delay` waits for groups, and the query has none", ("options", "new_group_delay"), hint=hint
        )
    for index, key in enumerate(notify_by if isinstance(notify_by, list) else ()):
        if isinstance(key, str) and key not in keys and (key != "*" or not keys):
            yield Complaint(_absent(key, keys), ("options", "notify_by", index), hint=_choices(keys))


def _has_groups_of_its_own(monitor: RenderedMonitor) -> bool:
    """A formula's groups are those of its queries in the option `variables`; a check's `.by("*")` is by any key."""
    query = monitor.tree
    if monitor.options.get("variables") or monitor.type in _GROUPED_ELSEWHERE:
        return False
    return isinstance(query, MonitorQuery) or (isinstance(query, ChainQuery) and "*" not in group_keys(query))


def _absent(key: str, keys: tuple[str, ...]) -> str:
    if not keys:
        return f"`notify_by` names {shown(key)}, and the query has no groups"
    return f"`notify_by` names {shown(key)}, by which the alert is not grouped"


def _choices(keys: tuple[str, ...]) -> str:
    if not keys:
        return "add `by {…}` to the query, or remove it"
    return f"choose from {', '.join(f'`{key}`' for key in (*keys[:_MOST_SHOWN], '*'))}"
