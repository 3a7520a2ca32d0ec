"""What plan, sync and `lint --online` make of Datadog's answers."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from generator.localdog.server import embedded
from tests.cli.running import Ran, Toban, run_in
from tests.localdog.client import Client

KEYS = {"DD_API_KEY": "0123456789abcdef0123456789abcdef", "DD_APP_KEY": "fedcba9876543210fedcba9876543210fedcba98"}
ORGANIZATION = """\
workspace: w
environments: {production: {scope: "env:production", aws: {account: "111122223333", region: ap-northeast-1}}}
notify: "@slack-ops"
runbook: https://wiki.example.com/r
"""
GOOD = "  good: {kind: metric, query: 'avg(last_5m):avg:good{*} > 1'}\n"
REFUSED = """\
  refused:
    kind: raw
    type: query alert
    query: "avg(last_5m):avg:good{*} > 5"
    message: "@slack-ops https://wiki.example.com/r"
    # toban: ignore[threshold-differs-from-query]: to hear it from Datadog
    options: {thresholds: {critical: 6}}
"""
SILENT = "  nightly: {kind: batch_failure, state_machine: nightly, delivery: at_once}\n"


@pytest.fixture(scope="module")
def shared() -> Iterator[str]:
    with embedded(None) as url:
        yield url


@pytest.fixture
def server(shared: str) -> Iterator[Client]:
    client = Client(shared)
    yield client
    client.empty()
    client.close()


@pytest.fixture
def toban(tmp_path: Path, server: Client) -> Toban:
    """Run a command in `tmp_path` against the server."""

    def run(*arguments: str, **variables: str) -> Ran:
        asking = [] if "--local" in arguments else ["--api-url", server.url]
        return run_in(tmp_path, *arguments, *asking, **variables)

    return run


@pytest.fixture
def service(tmp_path: Path) -> Callable[[str], None]:
    """Write the monitors of a service."""
    folder = tmp_path / "monitors"
    folder.mkdir()
    (folder / "organization.yaml").write_text(ORGANIZATION)

    def write(monitors: str) -> None:
        (folder / "api.yaml").write_text(f"service: api\nmonitors:\n{monitors}")

    return write


Service = Callable[[str], None]


def validations(server: Client) -> int:
    return sum("validate" in each["path"] for each in server("GET", "/_toban/requests").body["requests"])


def test_refusal_is_told_at_its_place_and_stops_plan_and_sync(toban: Toban, service: Service, server: Client) -> None:
    service(GOOD + REFUSED)
    planned = toban("plan", "--out", "plan.json")
    words = "Datadog refuses it: Alert threshold (6.0) does not match that used in the query (5.0)."
    assert f"monitors/api.yaml:10:27: {words} [refused-by-datadog]" in planned.err
    assert planned.code == 1
    for ran in (toban("sync", "plan.json"), toban("sync", "--yes")):
        assert ran.code == 1
        assert "nothing was changed" in ran.err
    assert server("GET", "/api/v1/monitor").body == []


def test_refusal_changes_nothing_in_the_plan(toban: Toban, service: Service) -> None:
    service(GOOD + REFUSED)
    asked, unasked = (json.loads(toban("plan", "--format", "json", "--ask-at-most", n).out) for n in ("9", "0"))
    assert [each["rule"] for each in asked.pop("obstacles")] == ["refused-by-datadog"]
    assert unasked.pop("obstacles") == []
    assert asked == unasked


def test_lint_asks_only_online(toban: Toban, service: Service, server: Client) -> None:
    service(GOOD + REFUSED)
    ran = toban("lint", "--online", "--format", "json")
    assert ran.code == 1
    assert [each["rule"] for each in json.loads(ran.out)["findings"]] == ["refused-by-datadog"]
    assert "Datadog was asked about 2 monitors that would change: 1 accepted, 1 refused, 0 accepted earlier" in ran.err
    assert server("GET", "/api/v1/monitor").body == []


def test_accepted_monitor_is_validated_once_and_in_ci_each_time(toban: Toban, service: Service, server: Client) -> None:
    service(GOOD)
    for _ in range(2):
        assert toban("plan").code == 0
    assert validations(server) == 1
    for _ in range(2):
        assert toban("plan", CI="true").code == 0
    assert validations(server) == 3


def test_nothing_is_asked_where_nothing_changes(toban: Toban, service: Service, server: Client) -> None:
    service(GOOD)
    assert toban("sync", "--yes", "--no-cache").code == 0
    server("DELETE", "/_toban/requests")
    assert "asked nothing: no monitor would change" in toban("lint", "--online", "--no-cache").err
    assert validations(server) == 0


def test_silent_heartbeat_is_found_and_can_be_suppressed(toban: Toban, service: Service, server: Client) -> None:
    service(GOOD + SILENT)
    assert "can-never-fire" not in toban("plan").err
    series = {"metric": "good", "points": [[int(time.time()) - 3600, 1]]}
    server("POST", "/api/v1/series", {"series": [series]})
    ran = toban("plan", "--probe")
    assert ran.code == 0
    assert ran.err.count("[can-never-fire]") == 1
    assert "monitors/api.yaml:4:3: warning: this alert can never fire: `sum:aws.states.executions_started{" in ran.err
    assert "looked for points of the last 30 days: 2 monitors, by 2 metric queries (at most 100)" in ran.err
    service(GOOD + SILENT.replace("\n", "  # toban: ignore[can-never-fire] until 2099-01-01: it starts next week\n"))
    assert "can-never-fire" not in toban("plan", "--probe").err
    assert toban("lint", "--local", "--online").out.startswith("No findings.")


def test_suppression_of_what_is_asked_later_is_not_called_needless(toban: Toban, service: Service) -> None:
    service(GOOD.replace("\n", "  # toban: ignore[can-never-fire, unknown-handle]: new\n"))
    assert toban("plan").err == ""


def test_handles_are_held_against_the_list(toban: Toban, service: Service, server: Client) -> None:
    service(GOOD)
    server("PUT", "/_toban/handles", {"handles": ["@slack-ops"]})
    assert toban("plan").err == ""
    server("PUT", "/_toban/handles", {"handles": ["@slack-opt"]})
    ran = toban("plan")
    assert ran.code == 0
    assert "warning: `@slack-ops` is not among the account's handles, so nobody is told [unknown-handle]" in ran.err


def test_datadog_that_is_away_is_a_notice(toban: Toban, service: Service, server: Client) -> None:
    service(GOOD + REFUSED)
    server("PUT", "/_toban/faults", {"faults": [{"when": {"path": "*/validate"}, "do": {"status": 404}}]})
    ran = toban("plan")
    assert ran.code == 0
    assert ran.err.count("notice: Datadog could not be asked about") == 1
    assert "and 1 more: POST /api/v1/monitor/validate was refused with 404" in ran.err


def test_what_is_left_out_is_said(toban: Toban, service: Service) -> None:
    service(
        GOOD + GOOD.replace("good:", "more:") + "  both: {kind: raw, type: composite, query: '%{good} || %{more}'}\n"
    )
    ran = toban("plan", "--ask-at-most", "1")
    assert "not validated, because they refer to what is not there yet: `w/api/both/production`" in ran.err
    assert "not validated: 1 monitor beyond --ask-at-most 1" in ran.err


def test_no_key_and_no_control_character_of_the_server_is_shown(toban: Toban, service: Service, server: Client) -> None:
    service(GOOD)
    errors = [f"key {key} \x1b[31mred\x07 \u202e" for key in KEYS.values()] + ["x" * 100_000] + ["y"] * 1000
    fault = {"when": {"path": "*/validate"}, "do": {"status": 400, "body": {"errors": errors}}}
    server("PUT", "/_toban/faults", {"faults": [fault]})
    ran = toban("plan", "--probe", **KEYS)
    assert ran.code == 1
    told = ran.out + ran.err
    assert not any(key in told for key in KEYS.values())
    assert not {"\x1b", "\x07", "\u202e"} & set(told)
    assert len(told) < 20_000


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("lint", "--probe"), "`--probe` is for `--online`"),
        (("lint",), "`--api-url` is for `--online`"),
        (("lint", "--online", "--write-baseline", "b.json"), "no baseline"),
        (("plan", "--probe", "--ask-at-most", "0"), "asks nothing"),
        (("lint", "--online", "--ask-at-most", "0"), "asks nothing"),
        (("plan", "--ask-at-most", "-1"), "--ask-at-most"),
    ],
)
def test_odd_wishes_are_refused(toban: Toban, service: Service, arguments: tuple[str, ...], words: str) -> None:
    service(GOOD)
    ran = toban(*arguments)
    assert ran.code == 64
    assert words in ran.err
