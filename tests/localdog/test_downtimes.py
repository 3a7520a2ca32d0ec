"""Downtimes over HTTP, in the JSON:API bodies that were recorded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.localdog.client import Client, Payload

NOW = datetime.now(UTC)
DOWNTIME: Payload = {"message": "dark forest", "monitor_identifier": {"monitor_tags": ["cat:hat"]}, "scope": "test:a"}
DAILY: Payload = {"recurrences": [{"rrule": "FREQ=DAILY;INTERVAL=1", "duration": "1h"}], "timezone": "America/New_York"}


def at(**shift: float) -> str:
    return (NOW + timedelta(**shift)).isoformat()


def sent(call: Client, method: str, path: str = "", **fields: object) -> tuple[int, Payload]:
    attributes = fields if method == "PATCH" else {**DOWNTIME, **fields}
    answer = call(method, f"/api/v2/downtime{path}", {"data": {"type": "downtime", "attributes": attributes}})
    return answer.status, answer.body


def created(call: Client, **fields: object) -> Payload:
    status, body = sent(call, "POST", **fields)
    assert status == 200, body
    return body["data"]


def refused(call: Client, method: str = "POST", path: str = "", **fields: object) -> str:
    status, body = sent(call, method, path, **fields)
    assert status == 400
    return str(body["errors"][0])


def test_what_is_not_said_is_answered_with_its_default(call: Client) -> None:
    attributes = created(call, schedule={"start": None})["attributes"]
    assert attributes["display_timezone"] == "UTC"
    assert attributes["mute_first_recovery_notification"] is False
    assert sorted(attributes["notify_end_states"]) == ["alert", "no data", "warn"]
    assert attributes["notify_end_types"] == ["expired"]
    assert (attributes["status"], attributes["canceled"], attributes["schedule"]["end"]) == ("active", None, None)


def test_a_start_to_come_is_answered_with_an_offset_of_zero(call: Client) -> None:
    found = created(call, schedule={"start": "2050-01-02T03:04:05Z", "end": None})["attributes"]
    assert found["schedule"] == {"start": "2050-01-02T03:04:05+00:00", "end": None}
    assert found["status"] == "scheduled"


def test_no_end_types_stay_none(call: Client) -> None:
    assert created(call, notify_end_types=[])["attributes"]["notify_end_types"] == []


def test_a_recurrence_shows_the_window_that_holds_or_comes_next(call: Client) -> None:
    attributes = created(call, schedule=DAILY)["attributes"]
    window = attributes["schedule"]["current_downtime"]
    assert datetime.fromisoformat(window["end"]) - datetime.fromisoformat(window["start"]) == timedelta(hours=1)
    assert attributes["schedule"]["timezone"] == "America/New_York"


def test_an_update_keeps_what_it_does_not_name(call: Client) -> None:
    made = created(call, schedule={"start": None})
    status, body = sent(call, "PATCH", f"/{made['id']}", message="light speed")
    assert status == 200
    assert body["data"]["attributes"]["message"] == "light speed"
    assert body["data"]["attributes"]["scope"] == "test:a"
    assert body["data"]["attributes"]["schedule"] == made["attributes"]["schedule"]


def test_a_deletion_cancels_and_may_be_repeated(call: Client) -> None:
    made = created(call)
    path = f"/api/v2/downtime/{made['id']}"
    assert [call("DELETE", path).status, call("DELETE", path).status] == [204, 204]
    found = call("GET", path).body["data"]["attributes"]
    assert found["status"] == "canceled"
    assert found["canceled"] is not None
    assert [each["id"] for each in call("GET", "/api/v2/downtime").body["data"]] == [made["id"]]
    assert "canceled" in refused(call, "PATCH", f"/{made['id']}", message="again")


def test_a_list_comes_in_pages_with_the_count_of_all(call: Client) -> None:
    ids = [created(call, scope=f"test:{number}")["id"] for number in range(3)]
    pages = [call("GET", f"/api/v2/downtime?page[limit]=2&page[offset]={offset}").body for offset in (0, 2)]
    assert [len(page["data"]) for page in pages] == [2, 1]
    assert sorted(each["id"] for page in pages for each in page["data"]) == sorted(ids)
    assert pages[0]["meta"] == {"page": {"total_filtered_count": 3}}


def test_an_equal_downtime_is_refused_with_the_id_of_the_first(call: Client) -> None:
    first = created(call, schedule={"start": "2050-01-02T03:04:05Z"})["id"]
    assert refused(call, schedule={"start": "2050-01-02T03:04:05Z"}) == (
        f"The downtime being created is a duplicate of one or more existing downtimes: ['{first}']"
    )


PAST = "Downtime cannot be scheduled in the past"
REFUSED = {
    "no monitors": ({"monitor_identifier": None}, "monitor_identifier"),
    "two kinds of monitors": ({"monitor_identifier": {"monitor_id": 1, "monitor_tags": ["a"]}}, "exactly one"),
    "an unknown monitor": ({"monitor_identifier": {"monitor_id": 1}}, "Monitor with id 1 not found"),
    "a text for a list": ({"monitor_identifier": {"monitor_tags": "*"}}, "monitor_identifier"),
    "a start in the past": ({"schedule": {"start": "2020-01-01T00:00:00Z"}}, PAST),
    "an end before its start": ({"schedule": {"start": at(days=2), "end": at(days=1)}}, "after its start"),
    "an offset": ({"schedule": {"start": "2050-01-01T00:00:00+09:00"}}, "'start' is invalid"),
    "a recurrence in the past": (
        {"schedule": {"recurrences": [{**DAILY["recurrences"][0], "start": "2020-01-01T00:00:00"}]}},
        PAST,
    ),
    "a rule that is none": ({"schedule": {"recurrences": [{"rrule": "FREQ=NEVER", "duration": "1h"}]}}, "rrule"),
    "no length": ({"schedule": {"recurrences": [{"rrule": "FREQ=DAILY"}]}}, "duration"),
    "six recurrences": ({"schedule": {"recurrences": DAILY["recurrences"] * 6}}, "recurrences"),
    "an unknown zone": ({"display_timezone": "Mars/Olympus"}, "timezone"),
    "an unknown state": ({"notify_end_states": ["ok"]}, "notify_end_states"),
}


@pytest.mark.parametrize(("fields", "words"), REFUSED.values(), ids=REFUSED)
def test_what_makes_no_sense_is_refused(call: Client, fields: Payload, words: str) -> None:
    assert words in refused(call, **fields)


def test_the_start_of_what_holds_cannot_be_moved(call: Client) -> None:
    made = created(call, schedule={"start": None, "end": at(days=1)})
    begun = made["attributes"]["schedule"]["start"]
    path = f"/{made['id']}"
    assert sent(call, "PATCH", path, schedule={"start": begun, "end": at(days=2)})[0] == 200
    assert refused(call, "PATCH", path, schedule={"start": at(days=1), "end": at(days=2)}) == PAST


def test_a_monitor_tells_which_downtimes_silence_it_now(call: Client, monitor: Payload) -> None:
    monitor_id = call("POST", "/api/v1/monitor", monitor).body["id"]
    own = created(call, monitor_identifier={"monitor_id": monitor_id})["id"]
    tagged = created(call, monitor_identifier={"monitor_tags": ["team:data"]})["id"]
    created(call, monitor_identifier={"monitor_tags": ["team:data", "team:web"]})
    created(call, monitor_identifier={"monitor_tags": ["*"]}, schedule={"start": at(days=1)})
    found = call("GET", f"/api/v2/monitor/{monitor_id}/downtime_matches").body
    assert sorted(each["id"] for each in found["data"]) == sorted([own, tagged])
    assert call("GET", "/api/v2/monitor/0/downtime_matches").body == {"errors": ["Monitor with id 0 not found"]}


@pytest.mark.parametrize("body", [{}, {"data": []}, {"data": {"type": "downtime"}}, {"data": {"attributes": {}}}])
def test_a_body_of_another_form_is_refused(call: Client, body: Payload) -> None:
    assert call("POST", "/api/v2/downtime", body).status == 400


def test_a_write_shows_who_made_it_and_a_read_that_asks_for_it(call: Client) -> None:
    made = sent(call, "POST", schedule={"start": None})[1]
    (user,) = made["included"]
    assert made["data"]["relationships"] == {
        "monitor": {"data": None}, "created_by": {"data": {"type": "users", "id": user["id"]}},
    }  # fmt: skip
    path = f"/api/v2/downtime/{made['data']['id']}"
    assert "relationships" not in call("GET", path).body["data"]
    assert call("GET", f"{path}?include=created_by").body["included"] == [user]
