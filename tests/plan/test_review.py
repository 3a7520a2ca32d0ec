"""What may be meant but does harm where it is not needs a review."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from generator.plan.digest import signed
from generator.plan.model import Plan
from generator.plan.planfile import decoded, encoded
from generator.plan.review import still_used, users
from tests.plan.plans import (
    LOGS,
    WEEKLY,
    composite,
    dashboard,
    downtime,
    listed,
    live,
    monitor,
    planned,
    reviews,
    slo,
    unmarked,
)


@pytest.mark.parametrize(
    ("own", "changed", "expected"),
    [(40, 21, ["mass-update"]), (40, 20, []), (100, 50, []), (100, 51, ["mass-update"]), (20, 20, [])],
)
def test_a_mass_of_updates_needs_a_review(own: int, changed: int, expected: list[str]) -> None:
    payloads = [live(monitor(f"m{number}"), number + 1) for number in range(own)]
    desired = [monitor(f"m{number}", **({"priority": 2} if number < changed else {})) for number in range(own)]
    assert reviews(planned(desired, *payloads)) == expected


def query_of(scope: str, metric: str = "cpu") -> dict[str, Any]:
    return {"query": f"avg(last_5m):avg:{metric}{{{scope}}} > 90"}


HEADS = {
    "log alert": "logs",
    "event-v2 alert": "events",
    "rum alert": "rum",
    "trace-analytics alert": "trace-analytics",
}


def events(monitor_type: str, search: str) -> dict[str, Any]:
    query = f'{HEADS[monitor_type]}("{search}").rollup("count").last("5m") > 9'
    return {"type": monitor_type, "query": query}


def over(tag: str) -> dict[str, Any]:
    return {"type": "service check", "query": f'"a.b".over("{tag}").last(2).count_by_status()'}


def variables(variable: dict[str, Any]) -> dict[str, Any]:
    named = {"data_source": "logs" if "search" in variable else "metrics", "name": "x", **variable}
    query = 'formula("x").last("5m") > 9'
    kind = "log alert" if "search" in variable else "query alert"
    return {"type": kind, "query": query, "options": {"variables": [named], "thresholds": {"critical": 9}}}


SCOPES = [
    (query_of("service:a"), query_of("*"), ["scope-grown"]),
    (query_of("service:a"), query_of("service:b"), []),
    (query_of("*"), query_of("service:a"), []),
    (query_of("*"), {"query": "avg(last_10m):avg:cpu{*} > 90"}, []),
    (query_of("service:a"), query_of("*", "memory"), ["scope-grown"]),
    (query_of("*"), query_of("*", "memory"), []),
    (query_of("service:a"), query_of("service:b", "memory"), []),
    (query_of("service:a"), query_of("service:?*"), ["scope-grown"]),
    (query_of("service:a"), query_of("service:??*"), ["scope-grown"]),
    (query_of("service:a"), query_of("service:a*"), []),
    (events("log alert", "service:a"), events("log alert", "**"), ["scope-grown"]),
    (events("log alert", "service:a"), events("log alert", "service:(*)"), ["scope-grown"]),
    (events("log alert", "service:a"), events("log alert", "service:(a OR *)"), ["scope-grown"]),
    (events("log alert", "service:a"), events("log alert", "service:?*"), ["scope-grown"]),
    (events("log alert", "service:a"), events("log alert", "service:(a OR b)"), []),
    (events("log alert", "service:a"), events("log alert", "-service:(a OR b)"), ["scope-grown"]),
    (query_of("service:a"), {"query": "no query"}, []),
    (query_of("service:a"), query_of("service:*"), ["scope-grown"]),
    (query_of("service:a,env:b"), query_of("env:*,!service:q"), ["scope-grown"]),
    (query_of("service:a"), query_of("!service:q"), ["scope-grown"]),
    (query_of("service:a"), query_of("service:a OR service:*"), ["scope-grown"]),
    (query_of("service:a"), query_of("service IN (a,b)"), []),
    (query_of("service:a"), query_of("service NOT IN (b)"), ["scope-grown"]),
    (query_of("service:*"), query_of("*"), []),
    (query_of("service:a,env:b"), query_of("env:b"), []),
    (events("log alert", "service:a"), events("log alert", "*"), ["scope-grown"]),
    (events("log alert", "service:a"), events("log alert", "service:* -status:info"), ["scope-grown"]),
    (events("log alert", "service:a"), events("log alert", "service:a OR *"), ["scope-grown"]),
    (events("log alert", "service:a"), events("log alert", "service:a status:error"), []),
    (events("log alert", "service:a"), events("log alert", "(service:a OR service:b)"), []),
    (events("event-v2 alert", "source:a"), events("event-v2 alert", "*"), ["scope-grown"]),
    (events("rum alert", "@application.id:a"), events("rum alert", ""), ["scope-grown"]),
    (events("trace-analytics alert", "service:a"), events("trace-analytics alert", "NOT env:dev"), ["scope-grown"]),
    (over("env:a"), over("*"), ["scope-grown"]),
    (over("env:a"), over("env:b"), []),
    (variables({"query": "avg:cpu{service:a}"}), variables({"query": "avg:cpu{*}"}), ["scope-grown"]),
    (variables({"search": {"query": "service:a"}}), variables({"search": {"query": "*"}}), ["scope-grown"]),
]


@pytest.mark.parametrize(("before", "after", "expected"), SCOPES, ids=str)
def test_a_scope_that_grew_to_everything_needs_a_review(
    before: dict[str, Any], after: dict[str, Any], expected: list[str]
) -> None:
    assert reviews(planned([monitor("a", **after)], live(monitor("a", **before), 1))) == expected


ALL_THERE_IS = [
    "*",
    "**",
    '\\"*\\"',
    "*:*",
    "service:[* TO *]",
    "service:{* TO *}",
    "service:[ *  TO  * ]",
    "service:/.*/",
    "service:/^(.+)$/",
    "service:>=*",
    "_exists_:service",
    "_exists_:(service OR env)",
    "!service:b",
    "!(service:b)",
    "env:[* TO *] service:/.*/ -status:info",
    "service:a OR service:[* TO *]",
    "(service:(a OR [* TO *]))",
]
A_PART = [
    "service:b",
    "service:[a TO *]",
    "@duration:[100 TO *]",
    "@duration:>100",
    "service:/a.*/",
    "service:/.*/b",
    "@http.url:/*",
    '@http.url:\\"/*/ /x*/\\"',
    "service:[* TO *] env:b",
    "_exists_:service env:b",
    "service:/.*/ AND (env:b OR env:c)",
    "service:\\\\*",
    "TO",
    "service:[",
]


@pytest.mark.parametrize(
    ("search", "expected"),
    [*((each, ["scope-grown"]) for each in ALL_THERE_IS), *((each, []) for each in A_PART)],
)
def test_a_search_for_everything_is_known_however_it_is_spelled(search: str, expected: list[str]) -> None:
    before, after = (monitor("a", **events("log alert", each)) for each in ("service:a", search))
    assert reviews(planned([after], live(before, 1))) == expected


HARD = ["[" * 60_000, "x:[ " * 15_000, "a:/" * 20_000, "*" * 60_000 + "x", "?" * 60_000, "(" * 60_000, '"' * 60_001]


@pytest.mark.parametrize("search", HARD, ids=lambda each: each[:5])
def test_a_search_that_is_hard_to_read_is_read(search: str) -> None:
    before, after = ({"data_source": "logs", "search": {"query": each}} for each in ("service:a", search))
    assert "scope-grown" not in reviews(
        planned([monitor("a", **variables(after))], live(monitor("a", **variables(before)), 1))
    )


def sums(numerator: str, denominator: str) -> dict[str, Any]:
    scopes = {"numerator": numerator, "denominator": denominator}
    return {"query": {part: f"sum:{part}{{{scope}}}.as_count()" for part, scope in scopes.items()}}


def counts(scope: str) -> dict[str, Any]:
    queries = [{"name": "x", "data_source": "metrics", "query": f"sum:hits{{{scope}}}.as_count()"}]
    formulas = {"good_events_formula": {"formula": "x"}, "total_events_formula": {"formula": "x"}}
    return {"query": None, "sli_specification": {"count": {**formulas, "queries": queries}}}


def slices(scope: str) -> dict[str, Any]:
    queries = [{"name": "x", "data_source": "metrics", "query": f"p95:latency{{{scope}}}"}]
    query = {"formulas": [{"formula": "x"}], "queries": queries}
    time_slice = {"query": query, "comparator": "<", "threshold": 1}
    return {"type": "time_slice", "query": None, "sli_specification": {"time_slice": time_slice}}


SLOS = [
    (sums("service:a", "service:a"), sums("*", "*"), ["scope-grown"]),
    (sums("service:a", "service:a"), sums("service:a", "service:*"), ["scope-grown"]),
    (sums("service:a", "service:a"), sums("service:b", "service:b"), []),
    (sums("*", "*"), sums("*", "env:b"), []),
    (counts("service:a"), counts("!env:b"), ["scope-grown"]),
    (counts("service:a"), counts("service:b"), []),
    (slices("service:a"), slices("*"), ["scope-grown"]),
    (slices("service:a"), slices("service:a,env:b"), []),
    (slices("service:a"), {**slices("*"), "sli_specification": ["odd"]}, []),
]


@pytest.mark.parametrize(("before", "after", "expected"), SLOS, ids=str)
def test_the_queries_of_an_slo_are_looked_at_too(
    before: dict[str, Any], after: dict[str, Any], expected: list[str]
) -> None:
    assert reviews(planned([slo("a", **after)], live(slo("a", **before), 1))) == expected


ALL = ("*",)
DAILY = {"rrule": "FREQ=DAILY", "start": "2001-01-01T00:00:00"}
ALWAYS = {"recurrences": [{**DAILY, "duration": "24h"}], "timezone": "Asia/Tokyo"}
NIGHTS = {"recurrences": [{**DAILY, "duration": "12h"}], "timezone": "Asia/Tokyo"}
WORK = {"recurrences": [{**DAILY, "duration": "16h"}], "timezone": "Asia/Tokyo"}
ODD = {"recurrences": [{"rrule": "FREQ=NEVER", "start": "no", "duration": "1w"}, 5], "timezone": "Nowhere"}
ONE_EVENING = {"start": "2026-03-07T18:00:00+00:00", "end": "2026-03-07T23:00:00+00:00"}
WITHOUT_END = {"start": "2026-03-07T18:00:00+00:00", "end": None}
NOW = datetime(2026, 3, 1, tzinfo=UTC)

SILENCES: list[tuple[Any, Any, list[str]]] = [
    (downtime("a"), downtime("a", ALL, schedule=ALWAYS), ["scope-grown"]),
    (downtime("a"), downtime("a", ALL), ["scope-grown"]),
    (downtime("a"), downtime("a", ["service:*"]), ["scope-grown"]),
    (downtime("a", ALL, "env:b"), downtime("a", ALL), ["scope-grown"]),
    (downtime("a", ALL, "env:b"), downtime("a", ALL, "NOT env:b"), ["scope-grown"]),
    (downtime("a", scope="env:b"), downtime("a", ALL, "env:b"), ["scope-grown"]),
    (downtime("a", scope="env:b"), downtime("a"), ["scope-grown"]),
    (downtime("a", monitor_identifier={"monitor_id": 7}), downtime("a", ALL), ["scope-grown"]),
    (downtime("a", monitor_identifier={"monitor_id": 7}), downtime("a"), []),
    (downtime("a"), downtime("a", ["service:b"]), []),
    (downtime("a"), downtime("a", ALL, "service:api"), []),
    (downtime("a", ALL), downtime("a"), []),
    (downtime("a", ALL), downtime("a", ALL, message="Hush"), []),
    (downtime("a"), downtime("a", schedule=ALWAYS), ["scope-grown"]),
    (downtime("a"), downtime("a", schedule=NIGHTS), []),
    (downtime("a", schedule=NIGHTS), downtime("a", schedule=WORK), []),
    (downtime("a", schedule=ALWAYS), downtime("a"), []),
    (downtime("a", schedule=ONE_EVENING), downtime("a", schedule=WITHOUT_END), ["scope-grown"]),
    (downtime("a"), downtime("a", schedule=ODD), []),
    (None, downtime("a", ALL), ["silences-all"]),
    (None, downtime("a", ALL, "-env:b"), ["silences-all"]),
    (None, downtime("a", ALL, "env:b"), []),
    (None, downtime("a"), []),
]


@pytest.mark.parametrize(("before", "after", "expected"), SILENCES)
def test_a_silence_of_everything_needs_a_review(before: Any, after: Any, expected: list[str]) -> None:
    payloads = [] if before is None else [live(before, 1)]
    assert reviews(planned([after], *payloads, now=NOW)) == expected


def test_how_much_longer_it_would_be_silent_is_told() -> None:
    made = planned([downtime("a", schedule=ALWAYS)], live(downtime("a", schedule=WEEKLY), 1), now=NOW)
    assert made.obstacles[0].message.endswith("silenced 1% of the next 4 weeks until now, and would silence 100%")


def told(name: str, team: str, message: str) -> Any:
    return monitor(name, message=message, tags=[f"team:{team}"])


HANDLES = [
    ("@slack-web", "@slack-web @pagerduty-data", ["pages-another-team"]),
    ("@slack-web", "@slack-web @pagerduty-web", []),
    ("@pagerduty-data", "@pagerduty-data hello", []),
    ("@slack-web", "@slack-web @slack-data", []),
    ("@slack-web", "@slack-web @pagerduty-new", []),
]


@pytest.mark.parametrize(("before", "after", "expected"), HANDLES)
def test_a_page_to_a_team_that_does_not_own_it_needs_a_review(before: str, after: str, expected: list[str]) -> None:
    others = [told("b", "data", "@pagerduty-data @slack-data"), told("c", "web", "@pagerduty-web")]
    payloads = [live(each, number + 2) for number, each in enumerate(others)]
    made = planned([told("a", "web", after), *others], live(told("a", "web", before), 1), *payloads)
    assert reviews(made) == expected


def test_a_new_monitor_that_pages_another_team_needs_one_too() -> None:
    other = told("b", "data", "@pagerduty-data")
    made = planned([told("a", "web", "@pagerduty-data"), other], live(other, 2))
    assert reviews(made) == ["pages-another-team"]
    assert "would page `@pagerduty-data`, which is of `data`" in made.obstacles[0].message


OWNED = [
    ("web", "@pagerduty-data", ["pages-another-team"]),
    ("web", "@PagerDuty-Data", ["pages-another-team"]),
    ("data", "@pagerduty-data", []),
    ("web", "@pagerduty-everybody", []),
    ("web", "@pagerduty-unknown", []),
]


@pytest.mark.parametrize(("team", "handle", "expected"), OWNED)
def test_the_organisation_says_whose_a_page_is(team: str, handle: str, expected: list[str]) -> None:
    pages = {"@pagerduty-data": frozenset({"data"}), "@pagerduty-everybody": frozenset({"data", "web"})}
    assert reviews(planned([told("a", team, handle)], pages=pages)) == expected


def test_what_the_organisation_says_outweighs_who_told_it_so_far() -> None:
    other = told("b", "web", "@pagerduty-data")
    made = planned(
        [told("a", "web", "@pagerduty-data"), other], live(other, 2), pages={"@pagerduty-data": frozenset({"data"})}
    )
    assert "is of `data`" in made.obstacles[0].message


def used(made: Plan, *payloads: Any) -> list[str]:
    changed = {(change.resource, change.id) for change in made.changes}
    ids = {str(change.id) for change in made.changes}
    others = {
        kind: [each for each in found if (kind, str(each["id"])) not in changed]
        for kind, found in listed(*payloads).items()
    }
    return [each.message for each in still_used(made.changes, users(ids, others))]


OF_OTHERS = {
    "composite": {**live(composite("x"), 7), "query": "1001 && !88", "tags": []},
    "dashboard": {**unmarked(live(dashboard("y"), 8)), "widgets": [{"definition": {"alert_id": "1001"}}]},
}


@pytest.mark.parametrize("user", OF_OTHERS.values(), ids=OF_OTHERS)
@pytest.mark.parametrize("change", ["delete", "replace"])
def test_what_somebody_elses_resource_uses_is_named(user: Any, change: str) -> None:
    payloads = [live(monitor("a"), 1001), user]
    desired = [] if change == "delete" else [monitor("a", **LOGS)]
    made = planned(desired, *payloads, prune=True)
    (message,) = used(made, *payloads)
    assert f"`{user['id']}`" in message
    assert "`main/api/a/production` would be" in message


@pytest.mark.parametrize("user", OF_OTHERS.values(), ids=OF_OTHERS)
def test_the_title_of_somebody_elses_resource_is_not_in_what_is_kept(user: Any) -> None:
    secret = {**user, "name": "SECRET", "title": "SECRET"}
    payloads = [live(monitor("a"), 1001), secret]
    made = planned([], *payloads, prune=True)
    told = list(still_used(made.changes, users({"1001"}, listed(secret))))
    (kept,) = decoded(encoded(signed(replace(made, obstacles=tuple(told))))).obstacles
    assert "SECRET" not in repr(kept)
    assert kept.about == (f"{'monitor' if 'query' in user else 'dashboard'}/{user['id']}",)


def test_what_is_changed_together_with_it_does_not_count() -> None:
    payloads = [live(monitor("a"), 1001), {**live(composite("c"), 7), "query": "1001 && 1001"}]
    assert used(planned([], *payloads, prune=True), *payloads) == []


def test_an_update_is_no_removal() -> None:
    payloads = [live(monitor("a"), 1001), OF_OTHERS["composite"]]
    assert used(planned([monitor("a", priority=1)], *payloads), *payloads) == []
