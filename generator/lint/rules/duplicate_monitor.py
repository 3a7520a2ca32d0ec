"""Two monitors ask for the same data and compare it with the same number: each problem is told twice.

It begins with a copied file, or with two teams that watch one thing. People mend one of the two and wonder why the
other still alerts. Keep one, and let it notify everybody: `notify: "@slack-a @slack-b"`. One monitor that asks the same
in several environments is another rule's, `unscoped-query`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

import msgspec
from msgspec import Struct

from generator.finding import Severity
from generator.lint.rendered import METRIC_TYPES, RenderedMonitor, Repository, key
from generator.lint.rule import Complaint, Elsewhere, ResourceKey

SEVERITY = Severity.NOTICE
REACH = "repository"

# What a monitor asks beside its query, and when.
_ASKING = ("threshold_windows", "scheduling_options", "variables", "synthetics_check_id")
# The critical one is the query's own number.
_THRESHOLDS = ("warning", "critical_recovery", "warning_recovery", "ok", "unknown")


class Facts(Struct, frozen=True):
    """Of one file: each monitor with a digest of what it asks."""

    asked: tuple[tuple[ResourceKey, str], ...]


def facts(repository: Repository) -> Facts:
    return Facts(tuple((key(each.resource), _digest(each)) for each in repository.monitors if each.text))


def findings(facts: Mapping[str, Facts]) -> Iterator[tuple[ResourceKey, Complaint]]:
    first: dict[str, ResourceKey] = {}
    others: dict[str, list[ResourceKey]] = {}
    for each in facts.values():
        for of, asked in each.asked:
            if asked not in first:
                first[asked] = of
            elif _name(of) != _name(first[asked]):
                others.setdefault(asked, []).append(of)
    for asked, later in others.items():
        for of in later:
            yield of, _complaint(first[asked])


def _complaint(original: ResourceKey) -> Complaint:
    return Complaint(
        f"the monitor asks the same as `{original[1]}`, and tells each problem a second time",
        ("query",),
        hint="keep one of the two, and let it notify everybody",
        related=(Elsewhere("the other is here", ("query",), of=original),),
    )


def _digest(monitor: RenderedMonitor) -> str:
    options = {name: value for name in _ASKING if (value := monitor.options.get(name))}
    limits = {name: value for name in _THRESHOLDS if (value := monitor.threshold(name)) is not None}
    of_type = "metric" if monitor.type in METRIC_TYPES else monitor.type
    asked = (of_type, "".join(monitor.text.split()), options, limits)
    return hashlib.blake2b(msgspec.json.encode(asked, order="sorted"), digest_size=8).hexdigest()


def _name(of: ResourceKey) -> str:
    """Without the environment."""
    return of[1].rpartition("/")[0]
