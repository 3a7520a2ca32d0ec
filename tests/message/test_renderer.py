from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.message.conditions import STATE_TESTS
from generator.message.event import AlertEvent, State
from generator.message.handles import handles, mentions
from generator.message.parser import parse_message
from generator.message.renderer import RenderedMessage, render
from generator.message.vocabulary import STATE_CONDITIONS
from tests.message.strategies import any_text, well_formed

CASES: dict[str, dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "renderings.yaml").read_text("utf-8"))
NOW = datetime(2021, 5, 31, 14, 58, 27, tzinfo=UTC)


def zones(name: str) -> tzinfo | None:
    return {"Asia/Tokyo": ZoneInfo("Asia/Tokyo"), "UTC": UTC}.get(name)


def event_of(written: dict[str, Any]) -> AlertEvent:
    states = {name: State(written[name]) for name in ("state", "previous") if name in written}
    times = {name: datetime.fromisoformat(text) for name, text in written.items() if name.endswith("_at")}
    return AlertEvent(**{"state": State.ALERT, "at": NOW, **written, **states, **times})


def rendered(message: str, **written: object) -> RenderedMessage:
    return render(parse_message(message), event_of(written), zones)


@pytest.mark.parametrize("name", CASES)
def test_a_message_arrives_as_its_case_says(name: str) -> None:
    case = CASES[name]
    found = rendered(case["message"], **case.get("event", {}))

    assert found.text == case["text"]
    assert list(found.handles) == case.get("handles", list(handles(case["text"])))
    assert list(found.unknown) == case.get("unknown", [])
    if "priority" in case:
        assert found.priority == case["priority"]


def test_every_state_condition_is_told_apart() -> None:
    assert set(STATE_TESTS) == set(STATE_CONDITIONS)


EVENTS = st.builds(AlertEvent, state=st.sampled_from(State), previous=st.sampled_from(State), at=st.just(NOW))


@settings(max_examples=300, derandomize=True, deadline=None)
@given(any_text | well_formed, EVENTS)
def test_any_message_arrives_somehow(text: str, event: AlertEvent) -> None:
    assert isinstance(render(parse_message(text), event, zones).text, str)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(well_formed, EVENTS)
def test_a_block_and_its_negation_show_each_other(text: str, event: AlertEvent) -> None:
    both = f"{{{{#is_alert}}}}{text}{{{{else}}}}-{{{{/is_alert}}}}"
    turned = f"{{{{^is_alert}}}}-{{{{else}}}}{text}{{{{/is_alert}}}}"
    assert render(parse_message(both), event, zones).text == render(parse_message(turned), event, zones).text


@pytest.mark.parametrize("state", list(State))
def test_a_handle_is_told_in_the_states_of_its_branches(state: State) -> None:
    message = parse_message(
        "{{#is_alert}} @slack-a {{else}} @slack-b {{/is_alert}} {{#is_no_data}} @slack-c {{/is_no_data}}"
    )
    event = AlertEvent(state=state, at=NOW)
    expected = [
        mention.handle
        for mention in mentions(message)
        if all(STATE_TESTS[branch.condition.name](event) is branch.holds for branch in mention.branches)
    ]
    assert list(render(message, event, zones).handles) == expected
