"""`toban backtest` as people and CI call it."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator.cli import run
from generator.localdog.server import embedded
from tests.localdog.client import Client

ORGANIZATION = """\
workspace: w
timezone: Asia/Tokyo
business_hours: {days: mon-fri, from: "10:00", to: "19:00", holidays: JP}
environments: {production: {scope: "env:production"}}
notify: "@slack-a"
runbook: https://wiki.example.com/r
"""
MONITORS = """\
service: api
monitors:
  load: {kind: metric, query: 'avg(last_5m):avg:load{*} by {host} > 80'}
  odd: {kind: metric, query: "avg(last_4h):anomalies(avg:load{*}, 'basic', 2) >= 1"}
"""
START = 1_790_780_400
"""2026-10-01 00:00 in Tokyo, a Thursday."""
HIGH = range(4 * 60, 4 * 60 + 30)


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


Toban = Callable[..., Ran]


def load(minute: int) -> float:
    return 95.0 if minute in HIGH else 20.0


@pytest.fixture
def toban(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Toban:
    """Run a command in `tmp_path`, in this process, without keys and with nobody at a terminal."""
    monkeypatch.chdir(tmp_path)
    for name in [each for each in os.environ if each.startswith(("DD_", "CI", "GIT"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "100")

    def ran(*arguments: object, **variables: str) -> Ran:
        capsys.readouterr()
        with monkeypatch.context() as context:
            for name, value in variables.items():
                context.setenv(name, value)
            code = run(list(map(str, arguments)))
        told = capsys.readouterr()
        assert "bug in toban" not in told.err, told.err
        return Ran(code, told.out, told.err)

    return ran


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a day of history in `load.csv`."""
    (tmp_path / "monitors").mkdir()
    (tmp_path / "monitors" / "organization.yaml").write_text(ORGANIZATION)
    (tmp_path / "monitors" / "api.yaml").write_text(MONITORS)
    rows = [f"{START + 60 * minute},load,{load(minute)},a" for minute in range(1440)]
    (tmp_path / "load.csv").write_text("\n".join(["time,metric,value,host", *rows]) + "\n")
    return tmp_path


@pytest.fixture(scope="module")
def shared() -> Iterator[str]:
    with embedded(None) as url:
        yield url


@pytest.fixture
def server(shared: str) -> Iterator[Client]:
    """A local Datadog with the same day."""
    client = Client(shared)
    points = [[START + 60 * minute, load(minute)] for minute in range(1440)]
    pushed = client("POST", "/api/v1/series", {"series": [{"metric": "load", "points": points, "tags": ["host:a"]}]})
    assert pushed.status == 202
    yield client
    client.empty()
    client.close()


def commit(folder: Path) -> None:
    for words in (
        ["init", "-q"],
        ["add", "monitors"],
        ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", *words], cwd=folder, check=True)  # noqa: S607 - the one on the PATH


def alerts(ran: Ran, version: str = "proposed") -> list[tuple[str, str]]:
    assert ran.code == 0, ran.err
    found = next(each for each in json.loads(ran.out)["monitors"] if "load" in each["tracking_id"])
    return [(each["from"], each["to"]) for each in found[version]["episodes"] if each["state"] == "Alert"]


ALERT = [("2026-09-30T19:04:00Z", "2026-09-30T19:30:00Z")]


def test_a_file_tells_when_it_would_have_alerted(toban: Toban, project: Path) -> None:
    ran = toban("backtest", "load", "--history", "load.csv")
    assert ran.code == 0
    assert "Thu 2026-10-01 04:04 to 04:30  26 min  host:a" in ran.out
    assert "told outside business hours, mon-fri 10:00 to 19:00 (Asia/Tokyo): @slack-a (2)" in ran.out


def test_a_datadog_answers_as_the_file_does(toban: Toban, project: Path, server: Client) -> None:
    span = ("--from", "2026-10-01T00:00", "--to", "2026-10-02")
    from_file = alerts(toban("backtest", "load", "--history", "load.csv", *span, "--format", "json"))
    asked = alerts(toban("backtest", "load", "--api-url", server.url, *span, "--format", "json"))
    assert from_file == ALERT
    assert asked == [("2026-09-30T19:04:59Z", "2026-09-30T19:30:59Z")]


def test_a_second_run_asks_only_for_what_is_new(toban: Toban, project: Path, server: Client) -> None:
    def requests(*more: str, **variables: str) -> int:
        ran = toban(
            "backtest", "load", "--api-url", server.url, "--from", "2026-10-01", "--to", "2026-10-02",
            "--format", "json", *more, **variables,
        )  # fmt: skip
        return int(json.loads(ran.out)["requests"])

    assert [requests(), requests(), requests("--no-cache"), requests(CI="true")] == [2, 0, 2, 2]


def test_what_the_budget_does_not_reach_is_listed_and_the_next_run_goes_on(
    toban: Toban, project: Path, server: Client
) -> None:
    arguments = ("backtest", "load", "--api-url", server.url, "--from", "2026-10-01", "--to", "2026-10-02")
    short = toban(*arguments, "--requests", "1")
    assert short.code == 1
    assert "w/api/load/production: the requests of this run are spent; 1 more are needed" in short.out
    assert alerts(toban(*arguments, "--requests", "1", "--format", "json"))


def test_monitors_that_cannot_be_simulated_are_listed_with_the_reason(toban: Toban, project: Path) -> None:
    ran = toban("backtest", "--history", "load.csv")
    assert ran.code == 0
    assert "1 monitor back-tested, 1 not" in ran.out
    assert "w/api/odd/production: `anomalies`" in ran.out


def test_base_and_proposed_are_compared(toban: Toban, project: Path) -> None:
    commit(project)
    service = project / "monitors" / "api.yaml"
    service.write_text(MONITORS.replace("> 80", "> 99"))
    arguments = ("backtest", "--base", "HEAD", "--history", "load.csv")
    ran = toban(*arguments, "--format", "json")
    assert (alerts(ran, "base"), alerts(ran)) == (ALERT, [])
    assert [each["tracking_id"] for each in json.loads(ran.out)["monitors"]] == ["w/api/load/production"]
    text = toban(*arguments).out
    assert "1 monitor back-tested; 1 would alert less often than at HEAD" in text
    assert "-  Thu 2026-10-01 04:04 to 04:30" in text


@pytest.mark.parametrize("output", ["text", "markdown", "json", "junit", "github"])
def test_a_review_tells_what_the_change_would_have_done(toban: Toban, project: Path, output: str) -> None:
    commit(project)
    service = project / "monitors" / "api.yaml"
    service.write_text(MONITORS.replace("> 80", "> 19"))
    ran = toban("plan", "--base", "HEAD", "--history", "load.csv", "--format", output)
    assert ran.code == 0, ran.err
    told = "would have alerted 1 → 1 time in the last day, 1 of them outside business hours"
    assert told in " ".join(ran.out.replace("│", " ").split()) or '"outside_hours":1' in ran.out.replace(" ", "")


@pytest.mark.parametrize("arguments", [["--history", "load.csv"], ["--base", "HEAD", "--ref", "HEAD"]])
def test_a_review_refuses_history_that_it_cannot_use(toban: Toban, project: Path, arguments: list[str]) -> None:
    commit(project)
    ran = toban("plan", *arguments, *([] if "--history" in arguments else ["--history", "load.csv"]))
    assert (ran.code, "--history" in ran.err) == (64, True)


def test_a_renamed_monitor_is_compared_with_its_earlier_self(toban: Toban, project: Path) -> None:
    commit(project)
    service = project / "monitors" / "api.yaml"
    service.write_text(MONITORS.replace("load: {kind", "heat: {was: load, kind"))
    ran = toban("backtest", "heat", "--base", "HEAD", "--history", "load.csv", "--format", "json")
    (found,) = json.loads(ran.out)["monitors"]
    assert (found["base"]["alerts"], found["proposed"]["alerts"]) == (1, 1)


def test_new_and_removed_monitors_are_told(toban: Toban, project: Path) -> None:
    commit(project)
    service = project / "monitors" / "api.yaml"
    service.write_text(MONITORS.replace("  load:", "  heat:"))
    ran = toban("backtest", "--base", "HEAD", "--history", "load.csv")
    assert "note: it is new" in ran.out
    assert "note: it is removed" in ran.out


@pytest.mark.parametrize("output", ["text", "json", "markdown", "html"])
def test_an_equal_project_has_nothing_to_compare(toban: Toban, project: Path, output: str) -> None:
    commit(project)
    ran = toban("backtest", "--base", "HEAD", "--history", "load.csv", "--format", output)
    assert ran.code == 0
    assert ran.out


def test_a_page_is_written_to_a_file(toban: Toban, project: Path) -> None:
    ran = toban("backtest", "load", "--history", "load.csv", "--format", "html", "--out", "out/page.html")
    assert (ran.code, ran.out) == (0, "")
    assert "written to out/page.html: 1 of 1 monitors were back-tested" in ran.err
    assert "<svg" in (project / "out" / "page.html").read_text()


def test_what_never_saw_a_point_is_not_told_as_silent(toban: Toban, project: Path) -> None:
    commit(project)
    service = project / "monitors" / "api.yaml"
    service.write_text(MONITORS.replace("> 80", "> 70"))
    (project / "load.csv").write_text(f"time,metric,value\n{START},load,20\n{START + 3600},load,20\n")
    ran = toban("backtest", "--base", "HEAD", "--history", "load.csv")
    assert ran.out.startswith("1 monitor back-tested, 1 never saw a point; none would alert more or less often, or")
    assert "evaluations with data   0 %       0 %" in ran.out
    assert "note: it never saw a point" in ran.out
    review = toban("plan", "--base", "HEAD", "--history", "load.csv")
    assert "not back-tested: no evaluation saw a point" in review.out


def test_a_history_longer_than_a_run_takes_is_told(toban: Toban, project: Path) -> None:
    year = 365 * 86_400
    (project / "load.csv").write_text(f"time,metric,value,host\n{START - 2 * year},load,20,a\n{START},load,20,a\n")
    ran = toban("backtest", "load", "--history", "load.csv")
    told = (
        "The files have points from 2024-10-01 00:00 on (Asia/Tokyo); only the last 460 days are back-tested, earlier "
        "ones with `--from` and `--to`."
    )
    assert told in " ".join(ran.out.split())
    earlier = toban(
        "backtest", "load", "--history", "load.csv", "--from", "2024-10-01", "--to", "2024-10-02", "--format", "json"
    )
    assert json.loads(earlier.out)["monitors"][0]["proposed"]["evaluations_with_data"] == 5


@pytest.fixture
def failures(project: Path) -> Path:
    """Counts of a day on which five failures come at 04:00, and one a minute later."""
    rows = [f"{START + 60 * minute},failed,{5 if minute == 240 else 1}" for minute in (0, 240, 241, 720)]
    (project / "failed.csv").write_text("\n".join(["time,metric,value", *rows]) + "\n")
    monitor = "{kind: metric, query: 'sum(last_5m):sum:failed{*}.as_count() > 3'}"
    (project / "monitors" / "api.yaml").write_text(f"service: api\nmonitors:\n  load: {monitor}\n")
    return project


def test_what_an_outcome_rests_on_is_told_when_asked(toban: Toban, failures: Path) -> None:
    arguments = ("backtest", "load", "--history", "failed.csv")
    shown = " ".join(toban(*arguments, "--sensitivity").out.split())
    told = (
        r"note: `bucket_seconds` 300 instead of none would make other states in 1 group and \d+ other notifications, "
        r"first Thu 2026-10-01 04:\d\d"
    )
    assert re.search(told, shown), shown
    assert HOW_TO_ASK not in shown
    assert HOW_TO_ASK in toban(*arguments).out
    (monitor,) = json.loads(toban(*arguments, "--sensitivity", "--format", "json").out)["monitors"]
    assert "bucket_seconds" in {each["setting"] for each in monitor["proposed"]["depends_on"]}
    (monitor,) = json.loads(toban(*arguments, "--format", "json").out)["monitors"]
    assert monitor["proposed"]["depends_on"] is None


HOW_TO_ASK = "`--sensitivity` tells what rests on what Datadog does not document."


def test_an_outcome_that_rests_on_nothing_is_told_too(toban: Toban, project: Path) -> None:
    ran = toban("backtest", "load", "--history", "load.csv", "--to", "2026-10-01T03:00", "--sensitivity")
    assert "note: rests on nothing that Datadog leaves open, as far as was tried" in ran.out


def test_what_datadog_has_answered_leaves_no_choice_of_buckets(toban: Toban, project: Path, server: Client) -> None:
    span = ("--from", "2026-10-01", "--to", "2026-10-02", "--format", "json", "--sensitivity")
    ran = toban("backtest", "load", "--api-url", server.url, *span, "--setting", "evaluation_second=30")
    (monitor,) = json.loads(ran.out)["monitors"]
    depends_on = {each["setting"] for each in monitor["proposed"]["depends_on"]}
    assert not depends_on & {"bucket_seconds", "evaluation_second", "interpolated"}
    assert "`evaluation_second` is not chosen where Datadog has answered" in monitor["proposed"]["notes"]


def test_a_setting_is_chosen_by_its_name(toban: Toban, failures: Path) -> None:
    arguments = ("backtest", "load", "--history", "failed.csv")
    ran = toban(*arguments, "--setting", "bucket_seconds=300", "--setting", "renotify_for_hours=none")
    assert "Settings: `bucket_seconds` 300, `renotify_for_hours` none." in ran.out
    choices = ([], ["--rollup", "300"], ["--setting", "bucket_seconds=300"])
    by_default, rolled_up, chosen = (alerts(toban(*arguments, *each, "--format", "json")) for each in choices)
    assert by_default != rolled_up == chosen


DOUBTS = [
    (["--from", "2026-10-01T00:00:10", "--to", "2026-10-01T00:00:40"], "it would not have been evaluated in this time"),
    (["--rollup", "3600"], "buckets of 3600 s are longer than its window of 300 s"),
    (["--from", "2026-09-01"], "The files have points from 2026-10-01 00:00 to 2026-10-01 23:59 (Asia/Tokyo) only."),
]


@pytest.mark.parametrize(("arguments", "words"), DOUBTS)
def test_what_may_say_nothing_is_told(toban: Toban, project: Path, arguments: list[str], words: str) -> None:
    ran = toban("backtest", "load", "--history", "load.csv", *arguments)
    assert ran.code == 0
    assert words in ran.out


USAGE = [
    (["nothing"], "no monitor is called `nothing`"),
    (["lod"], "did you mean `load`?"),
    (["/"], "no monitor is called `/`"),
    (["load", "--from", "2026-10-02", "--to", "2026-10-01"], "write a `--from` before `--to`"),
    (["load", "--from", "someday"], "`--from` `someday` is no time"),
    (["load", "--from", "\x1b[31mred"], "is no time"),
    (["load", "--from", "9999-12-31T23:59"], "write a `--from` before `--to`"),
    (["load", "--from", "0001-01-01"], "`--from` `0001-01-01` is no time"),
    (["load", "--from", "999999w"], "is before all times"),
    (["load", "--from", "2020-01-01", "--to", "2026-10-01"], "is longer than 460 days"),
    (["load", "--from", "2999-01-01", "--to", "2999-01-02"], "has not been yet"),
    (["load", "--history", "none.csv"], "cannot be read: No such file"),
    (["load", "--history", "."], "is of no kind of file that is known"),
    (["load", "--local"], "are two sources"),
    (["load", "--base", "no-such"], "no-such"),
    (["load", "--rollup", "0"], "--rollup"),
    (["load", "--rollup", "nan"], "--rollup"),
    (["load", "--requests", "-1"], "--requests"),
    (["load", "--setting", "bucket_seconds"], "`--setting` `bucket_seconds` has no value"),
    (["load", "--setting", "bucket_second=5"], "did you mean `bucket_seconds`?"),
    (["load", "--setting", "\x1b[31m=5"], "no setting is called"),
    (["load", "--setting", "bucket_seconds=0"], "write `none` or a whole number from 1 to 86400"),
    (["load", "--setting", "bucket_seconds=1e3"], "`bucket_seconds` is `1e3`"),
    (["load", "--setting", f"evaluation_second={'9' * 5000}"], "write a whole number from 0 to 59"),
    (["load", "--setting", "evaluation_second=none"], "write a whole number from 0 to 59"),
    (["load", "--setting", "older_missing_data=Zero"], "write `keep`, `zero` or `show`"),
    (["load", "--setting", "no_data_windows=3"], "write `1` or `2`"),
    (["load", "--setting", "unchanged=zero", "--setting", "unchanged=zero"], "names `unchanged` twice"),
    (["load", "--setting", "bucket_seconds=60", "--rollup", "60"], "are the same"),
]


@pytest.mark.parametrize(
    ("arguments", "words"), USAGE, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_wrong_usage_says_what_is_right(toban: Toban, project: Path, arguments: list[str], words: str) -> None:
    commit(project)
    given = arguments if "--history" in arguments else [*arguments, "--history", "load.csv"]
    ran = toban("backtest", *given)
    assert (ran.code, words in ran.err) == (64, True), ran.err
    assert "\x1b" not in ran.err


def test_nobody_at_a_terminal_needs_a_source(toban: Toban, project: Path) -> None:
    ran = toban("backtest", "load")
    assert (ran.code, "--local" in ran.err) == (64, True)


def test_keys_that_may_not_read_metrics_end_the_run(toban: Toban, project: Path, server: Client) -> None:
    faults = {"faults": [{"when": {"path": "/api/v1/query"}, "do": {"status": 403}}]}
    assert server("PUT", "/_toban/faults", faults).status == 200
    ran = toban("backtest", "load", "--api-url", server.url, "--to", "2026-10-02", "--from", "1d")
    assert ran.code == 1
    assert "refused with 403" in ran.err
    assert "run again to go on" in ran.err


def test_a_link_in_place_of_the_cache_is_not_followed(
    toban: Toban, project: Path, server: Client, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (project / ".toban").mkdir()
    (project / ".toban" / "history").symlink_to(elsewhere)
    ran = toban("backtest", "load", "--api-url", server.url, "--from", "2026-10-01", "--to", "2026-10-02")
    assert (ran.code, list(elsewhere.iterdir())) == (0, [])


def test_times_of_json_are_those_of_rfc_3339(toban: Toban, project: Path) -> None:
    told = json.loads(toban("backtest", "load", "--history", "load.csv", "--format", "json").out)
    (monitor,) = told["monitors"]
    found = [told["from"], told["to"], *(each["at"] for each in monitor["proposed"]["notifications"])]
    assert [each for each in found if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", each)] == []
    assert told["version"] == 1
