"""Composite monitors: https://docs.datadoghq.com/monitors/types/composite/."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from generator.message.event import State
from generator.simulate.composite import simulate_composite
from generator.simulate.refusal import Refusal
from generator.simulate.settings import DEFAULT, Settings
from generator.simulate.timeline import GroupTimeline, Simulation, Transition
from tests.simulate.histories import START, at, changes, told

STATES = {"OK": State.OK, "Warn": State.WARNING, "Alert": State.ALERT, "No Data": State.NO_DATA}


def part(**groups: Mapping[str, str] | str) -> Simulation:
    """States by the time from which they hold, of each group; a `~` before No Data of which nobody is told."""
    timelines = [_timeline(name, states) for name, states in groups.items()]
    return Simulation(since=START, until=at("02:00"), evaluations=1, groups=tuple(timelines))


def _timeline(name: str, states: Mapping[str, str] | str) -> GroupTimeline:
    found, before = [], State.OK
    for clock, word in {"00:00": states}.items() if isinstance(states, str) else states.items():
        state = STATES[word.removeprefix("~")]
        found.append(Transition(at(clock), before, state, None, "value", word.startswith("~")))
        before = state
    group = () if name == "all" else tuple(each.replace("__", ":") for each in name.split("___"))
    return GroupTimeline(group=group, transitions=tuple(found), last=before)


def composite(query: str, parts: Mapping[str, Any], *, settings: Settings = DEFAULT, **options: Any) -> Simulation:
    payload = {"id": 9, "type": "composite", "query": query, "options": options}
    found = simulate_composite(payload, parts, since=START, until=at("02:00"), settings=settings)
    assert isinstance(found, Simulation), found
    return found


# https://docs.datadoghq.com/monitors/types/composite/#computing-trigger-conditions, all of it. "Last known" is OK.
TABLE = [
    ("Alert", "Warn", "&&", "either", "Warn"),
    ("Alert", "Warn", "||", "either", "Alert"),
    ("Alert", "OK", "&&", "either", "OK"),
    ("Alert", "OK", "||", "either", "Alert"),
    ("Warn", "OK", "&&", "either", "OK"),
    ("Warn", "OK", "||", "either", "Warn"),
    ("No Data", "Warn", "&&", "yes", "No Data"),
    ("No Data", "Warn", "||", "yes", "Warn"),
    ("No Data", "Warn", "&&", "no", "OK"),
    ("No Data", "Warn", "||", "no", "Warn"),
    ("No Data", "OK", "&&", "no", "OK"),
    ("No Data", "OK", "||", "no", "OK"),
    ("No Data", "OK", "&&", "yes", "OK"),
    ("No Data", "OK", "||", "yes", "No Data"),
    ("No Data", "No Data", "&&", "yes", "No Data"),
    ("No Data", "No Data", "||", "yes", "No Data"),
]


@pytest.mark.parametrize(("first", "second", "operator", "notifies", "expected"), TABLE)
def test_two_states_make_the_one_of_the_table(
    first: str, second: str, operator: str, notifies: str, expected: str
) -> None:
    for each in [True, False] if notifies == "either" else [notifies == "yes"]:
        for pair in ((first, second), (second, first)):
            parts = {"1": part(all=pair[0]), "2": part(all=pair[1])}
            found = composite(f"1 {operator} 2", parts, notify_no_data=each)
            assert [group.last.value for group in found.groups] == [expected]


@pytest.mark.parametrize(
    ("state", "expected"), [("Alert", "OK"), ("Warn", "OK"), ("OK", "Alert"), ("No Data", "No Data")]
)
def test_not_turns_alerts_and_ok_around_and_keeps_missing_data(state: str, expected: str) -> None:
    found = composite("!1", {"1": part(all=state)}, notify_no_data=True)
    assert [group.last.value for group in found.groups] == [expected]


LARGER = [
    ("1 && (2 || 3)", "Alert OK Warn", "Warn"),
    ("(1 && 2) || 3", "Alert OK Warn", "Warn"),
    ("1 && 2 && 3", "Alert Warn Alert", "Warn"),
    ("1 || 2 && 3", "OK Alert OK", "OK"),
    ("!(1 && 2)", "Alert OK OK", "Alert"),
    ("1 && !2", "Warn OK OK", "Warn"),
    ("1 && 1", "Warn OK OK", "Warn"),
]


@pytest.mark.parametrize(("query", "states", "expected"), LARGER)
def test_larger_conditions_are_computed_from_the_inside(query: str, states: str, expected: str) -> None:
    parts = {str(number): part(all=state) for number, state in enumerate(states.split(), 1)}
    assert [group.last.value for group in composite(query, parts).groups] == [expected]


def test_it_follows_its_parts_through_time() -> None:
    parts = {
        "1": part(all={"00:10": "Alert", "00:50": "OK"}),
        "2": part(all={"00:20": "Warn", "00:30": "Alert", "01:00": "OK"}),
    }
    found = composite("1 && 2", parts)
    assert told(found) == ["00:20 Warn", "00:30 Alert", "00:50 OK"]


def test_it_keeps_its_last_state_while_a_part_has_no_data() -> None:
    parts = {"1": part(all={"00:10": "Alert", "00:20": "No Data", "00:40": "OK"}), "2": part(all="Alert")}
    assert changes(composite("1 && 2", parts)) == ["00:10 Alert", "00:40 OK"]
    assert changes(composite("1 && 2", parts, notify_no_data=True)) == ["00:10 Alert", "00:20 No Data", "00:40 OK"]


def test_missing_data_is_told_only_if_the_part_tells_too() -> None:
    """https://docs.datadoghq.com/monitors/types/composite/#no-data."""
    parts = {"1": part(all={"00:10": "~No Data"})}
    found = composite("1", parts, notify_no_data=True)
    assert (changes(found), told(found)) == (["00:10 No Data"], [])


def test_only_groups_that_all_parts_have_count() -> None:
    """https://docs.datadoghq.com/monitors/types/composite/#common-reporting-sources."""
    parts = {
        "1": part(host__web01="Alert", host__web04="Alert", host__web05="Alert"),
        "2": part(host__web04="Alert", host__web05="OK", host__web09="Alert"),
    }
    found = composite("1 && 2", parts)
    assert [(each.group, each.last.value) for each in found.groups] == [
        (("host:web04",), "Alert"),
        (("host:web05",), "OK"),
    ]


def test_groups_meet_by_the_values_of_their_tags() -> None:
    parts = {"1": part(host__web04="Alert", host__web05="Alert"), "2": part(service__web04="Alert")}
    found = composite("1 && 2", parts)
    assert [each.group for each in found.groups] == [("host:web04",)]


def test_a_part_without_groups_belongs_to_each() -> None:
    parts = {"1": part(all={"00:10": "Alert"}), "2": part(host__a="Alert", host__b="OK")}
    assert told(composite("1 && 2", parts)) == ["00:10 host:a Alert"]


def test_fewer_keys_belong_to_more() -> None:
    parts = {
        "1": part(device__sda___host__a="Alert", device__sdb___host__a="OK", device__sda___host__b="Alert"),
        "2": part(host__a="Alert"),
    }
    found = composite("1 && 2", parts)
    assert [(each.group, each.last.value) for each in found.groups] == [
        (("device:sda", "host:a"), "Alert"),
        (("device:sdb", "host:a"), "OK"),
    ]


def test_groups_that_have_nothing_in_common_never_trigger() -> None:
    parts = {"1": part(device__sda___host__a="Alert"), "2": part(host__a___url__x="Alert")}
    assert composite("1 && 2", parts).groups == ()


def test_it_reminds_as_its_own_options_say() -> None:
    found = composite("1", {"1": part(all={"00:10": "Alert", "01:20": "OK"})}, renotify_interval=30)
    assert told(found) == ["00:10 Alert", "00:40 Alert again", "01:10 Alert again", "01:20 OK"]


def test_only_its_own_downtimes_mute_it() -> None:
    schedule = {"start": "2027-01-05T00:00:00Z", "end": "2027-01-05T01:00:00Z"}
    payload = {"id": 9, "type": "composite", "query": "1", "options": {}}
    for number, expected in ((9, ["00:10 Alert muted", "01:00 Alert after downtime"]), (1, ["00:10 Alert"])):
        downtime = {"monitor_identifier": {"monitor_id": number}, "scope": "*", "schedule": schedule}
        parts = {"1": part(all={"00:10": "Alert"})}
        found = simulate_composite(payload, parts, since=START, until=at("02:00"), downtimes=[downtime])
        assert isinstance(found, Simulation)
        assert told(found) == expected


def test_parts_of_the_same_project_are_known_by_their_references() -> None:
    found = composite(
        "%{api/errors} && !%{api/deploying}", {"api/errors": part(all="Alert"), "api/deploying": part(all="OK")}
    )
    assert [each.last.value for each in found.groups] == ["Alert"]


REFUSED: list[tuple[str, Mapping[str, Any], str]] = [
    ("1 && 2", {"1": part(all="OK")}, "its part `2` is not there"),
    ("1", {"1": Refusal("a forecast")}, "its part `1`: a forecast"),
    ("1 and 2", {}, "no composite monitor that can be read"),
    ("(" * 3000, {}, "no composite monitor that can be read"),
    ("", {}, "no composite monitor that can be read"),
    (
        "1 && 2",
        {
            "1": part(**{"___".join(f"k{place}__{place}" for place in range(30)): "OK"}),
            "2": part(**{"___".join(f"k{place}__{place}" for place in range(15)): "OK"}),
        },
        "a composite of groups of so many keys",
    ),
]


@pytest.mark.parametrize(("query", "parts", "reason"), REFUSED, ids=range(len(REFUSED)))
def test_what_cannot_be_combined_is_refused(query: str, parts: Mapping[str, Any], reason: str) -> None:
    payload = {"type": "composite", "query": query}
    found = simulate_composite(payload, parts, since=START, until=at("01:00"))
    assert isinstance(found, Refusal)
    assert found.reason == reason
