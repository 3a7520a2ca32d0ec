"""A list is whole or it is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from generator.datadog.client import Datadog
from generator.datadog.errors import IncompleteList, Rejected, Unavailable
from generator.resources.types import resource_types

MONITOR = resource_types()["monitor"]
DASHBOARD = resource_types()["dashboard"]
MARK = "Managed by toban, do not edit here: main/svc/board/production"


class Organisation:
    """Monitors in pages as Datadog gives them; `before_page` may change them while they are listed."""

    def __init__(self, reply: type, count: int) -> None:
        self.rows = [{"id": number, "name": f"m{number}", "tags": []} for number in range(1, count + 1)]
        self.before_page: Callable[[int, int], None] = lambda *_: None
        self.broken: Callable[[int, int], Any] = lambda *_: None
        self._reply = reply

    def __call__(self, request: Any) -> Any:
        number, size = int(request.parameters["page"]), int(request.parameters["page_size"])
        self.before_page(number, size)
        broken = self.broken(number, size)
        return broken or self._reply(payload=self.rows[number * size : (number + 1) * size])


@pytest.fixture
def organisation(reply: type) -> Callable[[int], Organisation]:
    return lambda count: Organisation(reply, count)


@pytest.mark.parametrize("count", [0, 1, 999, 1000, 1001, 2000, 4000, 5000, 6001, 10000])
def test_every_resource_is_listed_once(
    count: int, organisation: Any, scripted: Callable[..., Any], client_of: Callable[..., Datadog]
) -> None:
    rows = client_of(scripted(organisation(count)).url).live(MONITOR)
    assert [row["id"] for row in rows] == list(range(1, count + 1))


def test_a_small_list_takes_two_calls(
    organisation: Any, scripted: Callable[..., Any], client_of: Callable[..., Datadog]
) -> None:
    server = scripted(organisation(30))
    client_of(server.url).live(MONITOR)
    assert len(server.requests) == 2


@pytest.mark.parametrize("row", [0, 500, 999, 1500, 2999])
@pytest.mark.parametrize("page", [1, 2, 3])
def test_a_delete_while_the_list_is_read_hides_no_resource(
    row: int, page: int, organisation: Any, scripted: Callable[..., Any], client_of: Callable[..., Datadog]
) -> None:
    live = organisation(4500)

    def delete_once(number: int, size: int) -> None:
        if number == page and size > 1 and len(live.rows) == 4500:
            del live.rows[row]

    live.before_page = delete_once
    rows = client_of(scripted(live).url).live(MONITOR)
    listed = {each["id"] for each in rows}
    assert {each["id"] for each in live.rows} <= listed


def test_a_list_that_keeps_changing_is_refused(
    organisation: Any, scripted: Callable[..., Any], client_of: Callable[..., Datadog]
) -> None:
    live = organisation(4500)

    def delete_first(number: int, size: int) -> None:
        if number == 2 and size > 1:
            del live.rows[0]

    live.before_page = delete_first
    with pytest.raises(IncompleteList, match="twice"):
        client_of(scripted(live).url).live(MONITOR)


def test_a_page_that_cannot_be_read_makes_the_list_incomplete(
    organisation: Any, scripted: Callable[..., Any], client_of: Callable[..., Datadog], reply: type
) -> None:
    live = organisation(3000)
    live.broken = lambda number, size: reply(502) if (number, size) == (2, 1000) else None
    with pytest.raises(IncompleteList, match="page 3"):
        client_of(scripted(live).url).live(MONITOR)


def test_a_datadog_that_answers_nothing_is_unavailable(
    scripted: Callable[..., Any], client_of: Callable[..., Datadog], reply: type
) -> None:
    with pytest.raises(Unavailable):
        client_of(scripted(lambda _: reply(502)).url).live(MONITOR)


def test_keys_without_the_right_to_list_are_refused(
    scripted: Callable[..., Any], client_of: Callable[..., Datadog], reply: type
) -> None:
    with pytest.raises(Rejected, match="keys"):
        client_of(scripted(lambda _: reply(403, {"errors": ["Forbidden"]})).url).live(MONITOR)


@pytest.mark.parametrize("largest", [100, 999])
def test_a_server_with_smaller_pages_is_noticed(
    largest: int, organisation: Any, scripted: Callable[..., Any], client_of: Callable[..., Datadog], reply: type
) -> None:
    live = organisation(3000)
    live.broken = lambda number, _: reply(payload=live.rows[number * largest : (number + 1) * largest])
    with pytest.raises(IncompleteList, match=f"holds {largest}"):
        client_of(scripted(live).url).live(MONITOR)


@pytest.mark.parametrize("count", [500, 1000, 2500])
def test_a_server_that_ignores_pages_is_noticed(
    count: int, organisation: Any, scripted: Callable[..., Any], client_of: Callable[..., Datadog], reply: type
) -> None:
    live = organisation(count)
    live.broken = lambda *_: reply(payload=live.rows)
    with pytest.raises(IncompleteList):
        client_of(scripted(live).url).live(MONITOR)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"{}", b"null", b"[1]", b"[{}]", b'{"errors": []}', b'[{"id": null}]']
)
def test_an_answer_that_is_no_list_is_never_an_empty_list(
    body: bytes, scripted: Callable[..., Any], client_of: Callable[..., Datadog], reply: type
) -> None:
    with pytest.raises(IncompleteList):
        client_of(scripted(lambda _: reply(body=body)).url).live(MONITOR)


def test_age_of_a_list_counts_from_its_beginning(
    organisation: Any, scripted: Callable[..., Any], client_of: Callable[..., Datadog], clock: Any
) -> None:
    live = organisation(2500)
    live.before_page = lambda *_: clock.sleep(1)
    client = client_of(scripted(live).url)
    assert client.list_age_seconds(MONITOR) is None
    client.live(MONITOR)
    assert client.list_age_seconds(MONITOR) == clock.slept > 3


class Boards:
    def __init__(self, reply: type, boards: dict[str, dict[str, Any]]) -> None:
        self._reply = reply
        self._boards = boards

    def __call__(self, request: Any) -> Any:
        if request.path == "/api/v1/dashboard":
            start, count = int(request.parameters["start"]), int(request.parameters["count"])
            rows = [{"id": each, **board} for each, board in self._boards.items()]
            return self._reply(payload={"dashboards": rows[start : start + count]})
        board_id = request.path.rpartition("/")[2]
        if self._boards[board_id].get("gone"):
            return self._reply(404, {"errors": [f"Dashboard with ID {board_id} not found"]})
        return self._reply(payload={"id": board_id, **self._boards[board_id], "widgets": []})


def test_only_dashboards_that_matter_are_read_in_full(
    scripted: Callable[..., Any], client_of: Callable[..., Datadog], reply: type
) -> None:
    boards: dict[str, dict[str, Any]] = {
        f"b-{number}": {"title": f"t{number}", "description": None} for number in range(250)
    }
    boards["b-7"] = {"title": "ours", "description": f"CPU\n\n{MARK}"}
    boards["b-8"] = {"title": "deleted meanwhile", "description": MARK, "gone": True}
    server = scripted(Boards(reply, boards))
    found = client_of(server.url).live(DASHBOARD, wanted_ids=["b-100"], wanted_titles=["t200"])
    assert [each["id"] for each in found] == ["b-7", "b-100", "b-200"]
    assert all("widgets" in each for each in found)
    assert len([each for each in server.requests if each.path != "/api/v1/dashboard"]) == 4


def test_a_dashboard_is_found_by_its_mark(
    scripted: Callable[..., Any], client_of: Callable[..., Datadog], reply: type
) -> None:
    boards = {
        "b-1": {"title": "ours", "description": MARK},
        "b-2": {"title": "another", "description": MARK.replace("board", "other")},
    }
    client = client_of(scripted(Boards(reply, boards)).url)
    assert [each["id"] for each in client.find(DASHBOARD, "main/svc/board/production")] == ["b-1"]


def test_a_monitor_is_found_by_its_tag_and_only_by_the_whole_id(
    scripted: Callable[..., Any], client_of: Callable[..., Datadog], reply: type
) -> None:
    rows = [
        {"id": 1, "tags": ["toban_id:main/svc/cpu/production"]},
        {"id": 2, "tags": ["toban_id:main/svc/cpu/staging"]},
    ]
    server = scripted(lambda _: reply(payload=rows))
    found = client_of(server.url).find(MONITOR, "main/svc/cpu/production")
    assert [each["id"] for each in found] == [1]
    assert server.requests[0].parameters == {"monitor_tags": "toban_id:main/svc/cpu/production"}
