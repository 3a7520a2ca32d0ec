"""Which handles the account has: what it was told, and its user."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator.localdog.server import Begin, embedded
from tests.localdog.client import Client, Payload

PATH = "/api/v2/notifications/handles?group_limit=99999"


def listed(client: Client) -> set[str]:
    groups = client("GET", PATH).body["data"]
    return {each["value"] for group in groups for each in group["attributes"]["handles"]}


def test_handles_are_those_that_were_told_and_the_users(call: Client, monitor: Payload) -> None:
    call("POST", "/api/v1/monitor", monitor)
    assert listed(call) == {"@local@example.com"}
    assert call("PUT", "/_toban/handles", {"handles": ["@slack-ops", "slack-ops", "webhook-x"]}).status == 200
    assert listed(call) == {"@local@example.com", "@slack-ops", "@webhook-x"}
    call("PUT", "/_toban/handles", {"handles": []})
    assert listed(call) == {"@local@example.com"}


def test_handles_come_from_a_folder(tmp_path: Path, connect: Callable[[str], Client]) -> None:
    (tmp_path / "handles.json").write_text(json.dumps({"handles": ["@slack-ops"]}))
    with embedded(None, begin=Begin(seed=tmp_path)) as url:
        assert "@slack-ops" in listed(connect(url))


@pytest.mark.parametrize("body", [{}, {"handles": "@a"}, {"handles": [3]}, {"handles": [], "more": 1}, []])
def test_other_bodies_are_refused(call: Client, body: Any) -> None:
    assert call("PUT", "/_toban/handles", body).status == 400


def test_page_of_another_site_tells_none(call: Client) -> None:
    assert call("PUT", "/_toban/handles", {"handles": []}, Origin="https://evil.example").status == 403
