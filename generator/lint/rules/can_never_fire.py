"""An alert whose metrics have no points can never fire.

A name or a scope with a slip in it is a valid query: Datadog takes the monitor, and finds nothing to judge for ever.
`toban plan --probe` and `toban lint --online --probe` look whether what a new or changed monitor watches had a point in
the last 30 days. For batches that is the count of runs that started, in the same scope: a batch that never fails has
no points of failures, and is watched all the same. Of other metrics it is each gauge of the query, or any of its
counts; a count of errors may also be silent because there were none. Look the name, the tags and the environment up in
Datadog's metrics explorer. Where the metric is new, suppress this until a day by which it has points.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.answers import Answers
from generator.lint.rendered import RenderedMonitor, Repository
from generator.lint.rule import Complaint
from generator.query.inspection import leaves
from generator.query.nodes import AsCount
from generator.render.model import Resource

SEVERITY = Severity.WARNING
REACH = "online"

_MOST_QUERIES = 3


def findings(repository: Repository, answers: Answers) -> Iterator[tuple[Resource, Complaint]]:
    for monitor in repository.monitors:
        silent = answers.silent.get(monitor.resource.tracking_id, ())
        if not silent:
            continue
        more = f" and {len(silent) - _MOST_QUERIES} more" if len(silent) > _MOST_QUERIES else ""
        named = ", ".join(f"`{each}`" for each in silent[:_MOST_QUERIES]) + more
        message = f"this alert can never fire: {named} had no point in {answers.probed_days} days"
        if _only_counts(monitor):
            message = (
                f"{named} had no point in {answers.probed_days} days: "
                "either nothing happened, or this alert can never fire"
            )
        hint = "see whether the metric's name and the scope are right, and whether it is sent at all"
        yield monitor.resource, Complaint(message, ("query",), hint)


def _only_counts(monitor: RenderedMonitor) -> bool:
    """Whether its own silence may be a good sign, and nothing else is known to have points while all is well."""
    read = leaves(monitor.tree)
    counts = all(any(isinstance(each, AsCount) for each in leaf.modifiers) for leaf in read)
    return monitor.resource.heartbeats is None and counts
