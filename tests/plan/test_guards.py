"""What would do harm is refused, and says how to go on if it is meant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from generator.plan.live_counts import LiveCounts, counts_after
from generator.plan.model import Plan
from generator.render.model import Resource
from generator.resources.types import Payload, resource_types
from tests.plan.plans import (
    LOGS,
    blocking,
    dashboard,
    downtime,
    listed,
    live,
    monitor,
    name_of,
    planned,
    reviews,
    rules,
    slo,
    unmarked,
)


def pruned(own: int, kept: int, **options: Any) -> Plan:
    payloads = [live(monitor(f"m{number}"), number + 1) for number in range(own)]
    return planned([monitor(f"m{number}") for number in range(kept)], *payloads, **{"prune": True, **options})


def test_without_prune_nothing_is_deleted_but_counted_and_told() -> None:
    made = pruned(10, 1, prune=False)
    assert (made.changes, rules(made), blocking(made)) == ((), ["prunable"], [])
    assert made.obstacles[0].message.startswith("9 live monitors no longer in the YAML: `main/api/m1/production`")
    assert made.obstacles[0].message.endswith("and 4 more")


SHARES = [
    (100, 80, {}, []),
    (100, 79, {}, ["mass-delete"]),
    (100, 79, {"max_delete_share": 0.3}, []),
    (6, 1, {}, []),
    (7, 1, {}, ["mass-delete"]),
    (3, 0, {}, ["nothing-desired"]),
    (1, 0, {}, []),
    (0, 0, {}, []),
]


@pytest.mark.parametrize(("own", "kept", "options", "refused"), SHARES, ids=str)
def test_a_mass_of_deletes_needs_a_review(own: int, kept: int, options: dict[str, Any], refused: list[str]) -> None:
    made = pruned(own, kept, **options)
    assert reviews(made) == refused
    assert len(made.changes) == own - kept


def test_the_share_is_of_our_own_and_not_of_all_live_ones() -> None:
    strangers = [live(monitor(f"other/api/m{number}"), 1000 + number) for number in range(1000)]
    own = [live(monitor(f"m{number}"), number + 1) for number in range(10)]
    assert reviews(planned([monitor("m0")], *own, *strangers, prune=True)) == ["mass-delete"]


def test_each_type_has_its_own_share() -> None:
    monitors = [live(monitor(f"m{number}"), number + 1) for number in range(100)]
    dashboards = [live(dashboard(f"d{number}"), number + 1) for number in range(10)]
    desired = [*(monitor(f"m{number}") for number in range(100)), dashboard("d0")]
    assert reviews(planned(desired, *monitors, *dashboards, prune=True)) == ["mass-delete"]


LOSSES = [
    (0, None, {}, []),
    (0, 0, {}, []),
    (0, 1, {}, ["live-shrank"]),
    (0, 3, {}, ["live-shrank"]),
    (0, 5, {}, ["live-shrank"]),
    (1, 5, {}, []),
    (0, 5, {"accept_live_loss": True}, []),
    (0, 10, {}, ["live-shrank"]),
    (4, 10, {}, ["live-shrank"]),
    (5, 10, {}, []),
    (1, 6, {}, []),
    (0, 10, {"accept_live_loss": True}, []),
]


@pytest.mark.parametrize(("live_now", "known", "options", "refused"), LOSSES, ids=str)
def test_a_live_list_that_shrank_is_not_taken_for_a_reason_to_create_again(
    live_now: int, known: int | None, options: dict[str, Any], refused: list[str]
) -> None:
    payloads = [live(monitor(f"m{number}"), number + 1) for number in range(live_now)]
    count = None if known is None else LiveCounts(known)
    made = planned([monitor(f"m{number}") for number in range(10)], *payloads, last_known_count=count, **options)
    assert blocking(made) == refused


def estate(**counts: int) -> list[Resource]:
    makers = {"monitors": monitor, "dashboards": dashboard, "slos": slo, "downtimes": downtime}
    return [makers[kind](f"{kind}-{number}") for kind, count in counts.items() for number in range(count)]


def payloads_of(resources: Iterable[Resource]) -> list[Payload]:
    return [live(each, number + 1) for number, each in enumerate(resources)]


GONE = [
    ({"monitors": 12, "dashboards": 5}, {"monitors": 12}, {}, ["live-shrank"]),
    ({"monitors": 12, "dashboards": 1}, {"monitors": 12}, {}, ["live-shrank"]),
    ({"monitors": 40, "slos": 20}, {"monitors": 40, "slos": 9}, {}, ["live-shrank"]),
    ({"monitors": 40, "slos": 20}, {"monitors": 40, "slos": 10}, {}, []),
    ({"monitors": 12, "dashboards": 5}, {"monitors": 12}, {"accept_live_loss": True}, []),
    ({"monitors": 12, "dashboards": 5}, {"monitors": 12, "dashboards": 4}, {}, []),
    ({"monitors": 12}, {"monitors": 12}, {}, []),
]


@pytest.mark.parametrize(("were", "listed_now", "options", "refused"), GONE, ids=str)
def test_each_type_has_its_own_count(
    were: dict[str, int], listed_now: dict[str, int], options: dict[str, Any], refused: list[str]
) -> None:
    desired = estate(**were)
    known = counts_after(listed(*payloads_of(desired)), (), "main")
    made = planned(desired, *payloads_of(estate(**listed_now)), last_known_count=known, **options)
    assert blocking(made) == refused


def test_a_type_that_vanished_is_named() -> None:
    known = LiveCounts(17, {"monitor": 12, "dashboard": 5})
    made = planned(estate(monitors=12, dashboards=5), *payloads_of(estate(monitors=12)), last_known_count=known)
    assert made.obstacles[0].message == "Datadog lists 0 of our dashboards, but 5 were live after the last sync"


def test_a_type_that_vanished_stops_nothing_where_none_of_it_would_be_created() -> None:
    known = LiveCounts(17, {"monitor": 12, "dashboard": 5})
    assert planned(estate(monitors=12), *payloads_of(estate(monitors=12)), last_known_count=known).obstacles == ()


def test_what_ends_by_itself_is_not_missed() -> None:
    evening = {"start": "2026-03-07T18:00:00+00:00", "end": "2026-03-07T23:00:00+00:00"}
    once = [downtime(f"once-{number}", schedule=evening) for number in range(3)]
    known = counts_after(listed(*payloads_of([*estate(monitors=1), *once])), (), "main")
    desired = [*estate(monitors=1), downtime("next", schedule=evening)]
    assert blocking(planned(desired, *payloads_of(estate(monitors=1)), last_known_count=known)) == []


EVENING = {"start": None, "end": "2026-03-07T23:00:00+00:00"}
NIGHTLY = {"recurrences": [{"rrule": "FREQ=DAILY", "start": "2001-01-01T00:00:00", "duration": "1h"}]}

COUNTED = [
    (estate(monitors=2), estate(monitors=2), {}, {"monitor": 2}),
    (estate(monitors=2), estate(monitors=1, slos=1), {"prune": True}, {"monitor": 1, "slo": 1}),
    (estate(monitors=2), estate(monitors=1, slos=1), {}, {"monitor": 2, "slo": 1}),
    (estate(monitors=1), [monitor("monitors-0", **LOGS)], {}, {"monitor": 1}),
    (estate(downtimes=2), [downtime("downtimes-0", schedule=EVENING)], {}, {"downtime": 1}),
    ([downtime("a", schedule=EVENING)], [downtime("a", schedule=NIGHTLY)], {}, {"downtime": 1}),
    ([monitor("other/web/a")], estate(monitors=1), {}, {"monitor": 1}),
]


@pytest.mark.parametrize(("before", "desired", "options", "expected"), COUNTED)
def test_what_will_be_live_is_counted_by_type(
    before: list[Resource], desired: list[Resource], options: dict[str, Any], expected: dict[str, int]
) -> None:
    payloads = payloads_of(before)
    made = planned(desired, *payloads, **options)
    assert counts_after(listed(*payloads), made.changes, "main").by_type == {
        **dict.fromkeys(resource_types(), 0),
        **expected,
    }


def test_what_is_adopted_counts_from_then_on() -> None:
    payload = unmarked(live(monitor("a"), 1))
    made = planned([monitor("a", adopt="1")], payload)
    assert counts_after(listed(payload), made.changes, "main").total == 1


WHOLE = [
    ({"monitors": 4, "dashboards": 1, "slos": 1}, {"monitors": 1}, ["nothing-desired", "nothing-desired"]),
    ({"monitors": 1, "slos": 1}, {}, ["nothing-desired", "nothing-desired"]),
    ({"monitors": 4, "slos": 1}, {"monitors": 3}, []),
    ({"monitors": 4, "slos": 1}, {"monitors": 4}, []),
    ({"monitors": 4, "slos": 2}, {"monitors": 3, "slos": 1}, []),
    ({"monitors": 8, "dashboards": 8, "slos": 8}, {"monitors": 4, "dashboards": 4, "slos": 4}, ["mass-delete"]),
    ({"monitors": 60, "dashboards": 8, "slos": 8}, {"monitors": 58, "dashboards": 4, "slos": 4}, []),
]


@pytest.mark.parametrize(("were", "are", "expected"), WHOLE, ids=str)
def test_a_few_of_each_type_may_be_a_whole_service(
    were: dict[str, int], are: dict[str, int], expected: list[str]
) -> None:
    assert reviews(planned(estate(**are), *payloads_of(estate(**were)), prune=True)) == expected


def test_the_loss_of_all_is_seen_through_a_filter_too() -> None:
    assert blocking(planned([monitor("a")], only=frozenset({"api"}), last_known_count=LiveCounts(10))) == [
        "live-shrank"
    ]


def nested(depth: int) -> list[Any]:
    deep: list[Any] = []
    for _ in range(depth):
        deep = [deep]
    return deep


@pytest.mark.parametrize("depth", [120, 700, 100_000])
def test_a_payload_nested_beyond_reason_is_refused_by_name_and_the_rest_is_planned(depth: int) -> None:
    deep = nested(depth)
    made = planned([monitor("a", options={"x": deep}), monitor("b")])
    assert blocking(made) == ["nested-too-deep"]
    assert made.obstacles[0].tracking_id == "main/api/a/production"
    assert [name_of(change) for change in made.changes] == ["b"]


def test_a_payload_may_be_as_deep_as_a_person_can_write() -> None:
    assert planned([monitor("a", options={"x": nested(60)})]).obstacles == ()


def test_a_payload_may_be_wide() -> None:
    made = planned([monitor("a", options={"x": [[] for _ in range(100_000)]})])
    assert blocking(made) == []


@pytest.mark.parametrize(
    "odd",
    [
        {"message": "\ud800"},
        {"options": {"\udfff": 1}},
        {"options": {1: 2, "1": 3}},
        {"options": {None: 1}},
    ],
    ids=ascii,
)
def test_a_payload_that_json_cannot_say_is_refused_by_name_and_the_rest_is_planned(odd: dict[str, Any]) -> None:
    made = planned([monitor("a", **odd), monitor("b")], live(monitor("a"), 1))
    assert blocking(made) == ["not-json"]
    assert made.obstacles[0].tracking_id == "main/api/a/production"
    assert [name_of(change) for change in made.changes] == ["b"]


def test_what_a_refused_payload_stands_for_is_not_deleted() -> None:
    made = planned([monitor("a", message="\ud800")], live(monitor("a"), 1), prune=True)
    assert (made.changes, blocking(made)) == ((), ["not-json"])


def test_an_integer_beyond_64_bits_is_planned() -> None:
    made = planned([monitor("a", options={"thresholds": {"critical": 10**30}})], live(monitor("a"), 1))
    assert [each.path for each in made.changes[0].fields] == [("options", "thresholds", "critical")]


def test_thousands_of_unknown_references_are_told_without_searching_for_each() -> None:
    desired = [monitor(f"some-service-with-a-long-name-{number}") for number in range(2000)]
    lost = [
        monitor(f"c{number}", type="composite", query=f"%{{main/api/no-{number}/production}}") for number in range(500)
    ]
    assert rules(planned([*desired, *lost])) == ["reference-unknown"] * 500


@pytest.mark.parametrize("prune", [False, True])
def test_a_mass_of_replaces_needs_a_review_too(prune: bool) -> None:  # noqa: FBT001 - a row
    payloads = [live(monitor(f"m{number}"), number + 1) for number in range(10)]
    desired = [monitor(f"m{number}", **LOGS) for number in range(10)]
    made = planned(desired, *payloads, prune=prune)
    assert reviews(made) == ["mass-delete"]
    assert made.obstacles[0].message.startswith("10 of our 10 live monitors would be replaced")
    assert reviews(planned(desired[:5], *payloads[:5])) == []
