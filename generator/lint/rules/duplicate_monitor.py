"""Two monitors ask for the same data and compare it with the same number: each problem is told twice.

It begins with a copied file, or with two teams that watch one thing. People mend one of the two and wonder why the
other still alerts. Keep one, and let it notify everybody: `notify: "@slack-a @slack-b"`. One monitor that asks the same
in several environments is another rule's, `unscoped-query`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from generator.finding import Severity
from generator.lint.rendered import METRIC_TYPES, Repository
from generator.lint.rule import Complaint, Elsewhere
from generator.render.model import Resource

SEVERITY = Severity.NOTICE
REACH = "repository"

# What a monitor asks beside its query, and when. The critical threshold is the query's own number.
_ASKING = ("threshold_windows", "scheduling_options", "variables", "synthetics_check_id")
_THRESHOLDS = ("warning", "critical_recovery", "warning_recovery", "ok", "unknown")


def findings(repository: Repository) -> Iterator[tuple[Resource, Complaint]]:
    by_query: dict[str, list[Resource]] = {}
    for resource in repository.resources:
        query = resource.payload.get("query")
        if isinstance(query, str) and query and "type" in resource.payload:
            by_query.setdefault(query.replace(" ", ""), []).append(resource)
    for same in by_query.values():
        if len(same) > 1:
            yield from _duplicates(same)


def _duplicates(same: list[Resource]) -> Iterator[tuple[Resource, Complaint]]:
    first: dict[bytes, Resource] = {}
    for resource in same:
        original = first.setdefault(_asked(resource), resource)
        if _name(original) != _name(resource):
            yield resource, _complaint(original)


def _complaint(original: Resource) -> Complaint:
    return Complaint(
        f"the monitor asks the same as `{_name(original).partition('/')[2]}`, and tells each problem a second time",
        ("query",),
        hint="keep one of the two, and let it notify everybody",
        related=(Elsewhere("the other is here", ("query",), of=original),),
    )


def _asked(resource: Resource) -> bytes:
    """All that two monitors of one query can differ by."""
    found, of_type = resource.payload.get("options"), resource.payload["type"]
    options = found if isinstance(found, Mapping) else {}
    limits = options.get("thresholds")
    asked = (
        "metric" if of_type in METRIC_TYPES else of_type,
        [options.get(name) or None for name in _ASKING],
        [limits.get(name) for name in _THRESHOLDS] if isinstance(limits, Mapping) else [None for _ in _THRESHOLDS],
    )
    return msgspec.json.encode(asked, order="sorted")


def _name(resource: Resource) -> str:
    """Without the environment."""
    return resource.tracking_id.rpartition("/")[0]
