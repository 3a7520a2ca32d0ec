"""The commands as people and CI call them, against the embedded and a separate local Datadog."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tests.cli.running import REPOSITORY, Ran, Toban, run_in

KEYS = {"DD_API_KEY": "0123456789abcdef0123456789abcdef", "DD_APP_KEY": "fedcba9876543210fedcba9876543210fedcba98"}


@pytest.fixture
def toban(tmp_path: Path) -> Toban:
    """Run a command in `tmp_path`, without keys but for those given, and with nobody at a terminal."""

    def run(*arguments: object, **variables: str) -> Ran:
        return run_in(tmp_path, *arguments, **variables)

    return run


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project in `tmp_path`; its service file."""
    folder = tmp_path / "monitors"
    folder.mkdir()
    organization = "workspace: w\nenvironments: {production: {scope: 'env:production'}}\nnotify: '@slack-a'\n"
    (folder / "organization.yaml").write_text(organization)
    service = folder / "api.yaml"
    service.write_text(
        "service: api\n"
        "monitors:\n"
        "  a: {kind: metric, query: 'avg(last_5m):avg:a{*} > 1'}\n"
        "  b: {kind: metric, query: 'avg(last_5m):avg:b{*} > 1'}\n"
        "  both: {kind: raw, type: composite, query: '%{a} && %{b}', message: '@slack-a'}\n"
    )
    return service


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of a local Datadog that runs on its own."""
    command = [sys.executable, "-m", "generator", "local", "--db", str(tmp_path / "server.db")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield process.stdout.readline().strip()
    process.send_signal(signal.SIGINT)
    assert process.wait(10) in (0, 130)
    process.stdout.close()


def test_the_repositorys_own_content_syncs_and_then_there_is_nothing_to_do(toban: Toban, tmp_path: Path) -> None:
    for folder in ("monitors", "dashboards"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder)
    assert toban("plan", "--local", "--detailed-exitcode").code == 2
    synced = toban("sync", "--local", "--yes")
    assert (synced.code, synced.out.endswith(" created.\n")) == (0, True)
    again = toban("plan", "--local", "--detailed-exitcode")
    assert (again.code, "Nothing to do" in again.out) == (0, True)


def test_own_content_has_no_findings(toban: Toban) -> None:
    linted = toban("lint", "--root", REPOSITORY, "--no-cache")
    assert (linted.code, linted.out.splitlines()[0]) == (0, "No findings.")


def test_nobody_at_a_terminal_needs_keys_or_local(toban: Toban, project: Path) -> None:
    ran = toban("plan")
    assert ran.code == 64
    assert "--local" in ran.err


@pytest.mark.parametrize("name", KEYS)
def test_one_key_without_the_other_is_refused_by_name(toban: Toban, project: Path, name: str) -> None:
    ran = toban("plan", **{name: KEYS[name]})
    missing = next(each for each in KEYS if each != name)
    assert (ran.code, missing in ran.err) == (64, True)


def test_keys_are_never_shown(toban: Toban, project: Path) -> None:
    ran = toban("plan", "--api-url", "http://127.0.0.1:9", "--out", "plan.json", **KEYS)
    assert ran.code == 1
    assert not [key for key in KEYS.values() if key in ran.out + ran.err]


def test_keys_are_not_sent_in_the_clear(toban: Toban, project: Path) -> None:
    ran = toban("plan", "--api-url", "http://example.com", **KEYS)
    assert (ran.code, "https" in ran.err) == (64, True)


def test_a_reviewed_plan_is_carried_out_and_can_be_run_again(toban: Toban, project: Path, server: str) -> None:
    assert toban("plan", "--api-url", server, "--out", "plan.json").code == 0
    first = toban("sync", "plan.json", "--api-url", server)
    assert (first.code, first.out) == (0, "3 created.\n")
    again = toban("sync", "plan.json", "--api-url", server)
    assert again.code == 0
    assert again.out == "3 done already.\n"
    assert json.loads(toban("plan", "--api-url", server, "--format", "json").out)["changes"] == []


@pytest.mark.parametrize(
    ("text", "other"), [("> 1", "> 2"), ('"id": null', '"id": "1"'), ('"unchanged": 0', '"unchanged": 1')]
)
def test_a_plan_file_that_was_changed_is_refused(
    toban: Toban, project: Path, tmp_path: Path, text: str, other: str
) -> None:
    toban("plan", "--local", "--out", "plan.json")
    file = tmp_path / "plan.json"
    file.write_text(file.read_text().replace(text, other))
    ran = toban("sync", "plan.json", "--local")
    assert (ran.code, "changed by hand" in ran.err) == (64, True)


def test_only_the_expected_content_is_synced(toban: Toban, project: Path) -> None:
    digest = json.loads(toban("plan", "--local", "--format", "json").out)["desired_digest"]
    project.write_text(project.read_text().replace("> 1", "> 2"))
    refused = toban("sync", "--local", "--yes", "--expect", digest)
    assert (refused.code, "nothing was changed" in refused.err) == (1, True)
    project.write_text(project.read_text().replace("> 2", "> 1"))
    assert toban("sync", "--local", "--yes", "--expect", digest).code == 0


def test_a_finding_stops_a_sync_but_not_a_plan(toban: Toban, project: Path) -> None:
    project.write_text(project.read_text() + "  c: {kind: metric, query: 'avg(last_5m):avg:c{*} >'}\n")
    planned = toban("plan", "--local")
    assert (planned.code, "3 to create" in planned.out) == (1, True)
    assert "monitors/api.yaml:6:" in planned.err
    synced = toban("sync", "--local", "--yes")
    assert (synced.code, "nothing was changed" in synced.err) == (1, True)


def test_nobody_to_ask_means_nothing_is_changed(toban: Toban, project: Path) -> None:
    assert toban("sync", "--local").code == 64
    assert json.loads(toban("plan", "--local", "--format", "json").out)["summary"]["create"] == 3


def test_what_left_the_yaml_is_deleted_only_with_prune(toban: Toban, project: Path) -> None:
    toban("sync", "--local", "--yes")
    project.write_text("".join(project.read_text().splitlines(keepends=True)[:4]))
    kept = toban("sync", "--local", "--yes")
    assert kept.code == 0
    pruned = toban("sync", "--local", "--yes", "--prune")
    assert (pruned.code, pruned.out) == (0, "1 deleted.\n")


def test_a_filtered_plan_leaves_other_services_alone(toban: Toban, project: Path) -> None:
    (project.parent / "other.yaml").write_text(
        "service: other\nmonitors: {x: {kind: metric, query: 'avg(last_5m):avg:x{*} > 1'}}\n"
    )
    toban("sync", "--local", "--yes")
    (project.parent / "other.yaml").unlink()
    plan = json.loads(toban("plan", "--local", "--prune", "--only", "service:api", "--format", "json").out)
    assert plan["changes"] == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("plan", "--nonsense"), "--nonsense"),
        (("plan", "--local", "--api-url", "http://127.0.0.1:1"), "two targets"),
        (("plan", "--local", "--only", "service:apy"), "services are: api"),
        (("plan", "--local", "--only", "api"), "service:NAME"),
        (("plan", "--local", "nowhere.yaml"), "nothing is rendered"),
        (("plan", "--local", "/etc"), "not below"),
        (("sync", "monitors/api.yaml", "--local"), "no plan"),
        (("explain", "nobody"), "nothing is called"),
        (("schema",), "service"),
        (("nonsense",), "nonsense"),
    ],
)
def test_a_wrong_call_is_told_how_to_mend_it(
    toban: Toban, project: Path, arguments: tuple[str, ...], told: str
) -> None:
    ran = toban(*arguments)
    assert (ran.code, told in ran.err) == (64, True), ran.err


def test_explain_says_which_layer_set_a_field(toban: Toban, project: Path) -> None:
    ran = toban("explain", "a")
    assert ran.code == 0
    assert "Alerts when" in ran.out
    assert "organisation, monitors/organization.yaml:3" in ran.out


@pytest.mark.parametrize(
    ("holidays", "code", "told"),
    [
        (", holidays: JP", 0, "Tue 2027-02-23, Emperor's Birthday  10:00"),
        ("", 64, "no country of them is named"),
        (", holidays: XX", 64, "public holidays of `XX` are not known"),
    ],
)
def test_explain_says_what_comes_on_a_public_holiday(
    toban: Toban, tmp_path: Path, holidays: str, code: int, told: str
) -> None:
    (tmp_path / "monitors").mkdir()
    hours = f'{{days: mon-fri, from: "10:00", to: "19:00"{holidays}}}'
    (tmp_path / "monitors" / "organization.yaml").write_text(
        f"workspace: w\ntimezone: Asia/Tokyo\nbusiness_hours: {hours}\nnotify: '@slack-a'\n"
        "environments: {production: {scope: 'env:production'}}\n"
    )
    (tmp_path / "monitors" / "night.yaml").write_text(
        "service: night\n"
        "monitors:\n"
        "  failed: {kind: batch_failure, metric: m, delivery: schedule, runs: {from: '04:00', to: '05:00'}}\n"
    )
    ran = toban("explain", "failed", "--from", "2027-01-05")

    assert (ran.code, told in ran.out + ran.err) == (code, True), ran


def test_render_gives_the_payloads_as_documented(toban: Toban, project: Path) -> None:
    rendered = json.loads(toban("render", "--format", "json", "monitors/api.yaml").out)
    assert rendered["version"] == 1
    assert [set(each) for each in rendered["resources"]] == [{"tracking_id", "resource", "payload", "path", "line"}] * 3
    assert rendered["resources"][2]["line"] == 5


def test_the_cache_changes_nothing_that_is_shown(toban: Toban, project: Path) -> None:
    runs = [toban("plan", "--local"), toban("plan", "--local"), toban("plan", "--local", "--no-cache")]
    assert len({run.out for run in runs}) == 1


def test_a_plan_reads_as_markdown(toban: Toban, project: Path) -> None:
    assert "3" in toban("plan", "--local", "--format", "markdown").out.partition("<details>")[0]


def test_schemas_are_written_for_an_editor(toban: Toban, tmp_path: Path) -> None:
    assert toban("schema", "--out", "schemas").code == 0
    names = sorted(path.name for path in (tmp_path / "schemas").iterdir())
    assert names == [f"{name}.schema.json" for name in ("dashboards", "organization", "service", "set", "tests")]


def test_a_reader_that_leaves_early_is_no_failure(toban: Toban, project: Path, tmp_path: Path) -> None:
    command = f"{sys.executable} -m generator render --format json | head -c 1"
    shell = ["/bin/bash", "-c", f"set -o pipefail; {command}"]
    done = subprocess.run(shell, cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    "arguments", [("plan", "--local", "--out", "/dev/full/plan.json"), ("schema", "--out", "/dev/null/x")]
)
def test_a_file_that_cannot_be_written_is_told(toban: Toban, project: Path, arguments: tuple[str, ...]) -> None:
    ran = toban(*arguments)
    assert (ran.code, "cannot be written" in ran.err) == (1, True)


def test_a_state_that_is_no_database_is_told(toban: Toban, project: Path, tmp_path: Path) -> None:
    (tmp_path / ".toban").mkdir()
    (tmp_path / ".toban" / "local.db").write_bytes(b"no database " * 500)
    ran = toban("plan", "--local")
    assert (ran.code, "cannot be used as a database" in ran.err) == (1, True)


def test_the_local_datadog_can_be_told_which_keys_are_valid(toban: Toban, tmp_path: Path) -> None:
    assert toban("local", "--api-key", "a").code == 64


def test_a_state_folder_that_is_a_link_is_not_written_through(toban: Toban, project: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / ".toban").symlink_to(elsewhere)
    assert toban("lint").code == 0
    assert toban("plan", "--local").code == 1
    assert list(elsewhere.iterdir()) == []


def test_ci_takes_no_cache_from_the_checkout(toban: Toban, project: Path, tmp_path: Path) -> None:
    toban("render", CI="true")
    assert not (tmp_path / ".toban").exists()


def test_an_error_makes_every_form_of_the_plan_incomplete(toban: Toban, project: Path) -> None:
    toban("sync", "--local", "--yes")
    project.write_text(project.read_text().replace("avg:a", "agv:a"))
    told = json.loads(toban("plan", "--local", "--format", "json", "--prune").out)
    assert [(each["rule"], each["path"], each["line"]) for each in told["obstacles"] if each["blocks"]] == [
        ("query-syntax", "monitors/api.yaml", 3)
    ]
    assert "unknown space aggregation" in toban("plan", "--local", "--format", "markdown").out


def test_a_plan_with_errors_is_not_carried_out_from_its_file(toban: Toban, project: Path) -> None:
    toban("sync", "--local", "--yes")
    project.write_text(project.read_text().replace("avg:a", "agv:a"))
    toban("plan", "--local", "--prune", "--out", "bad.json")
    ran = toban("sync", "bad.json", "--local", "--prune")
    assert (ran.code, "nothing was changed" in ran.err) == (1, True)


def test_what_has_an_error_is_not_pruned(toban: Toban, project: Path) -> None:
    toban("sync", "--local", "--yes")
    project.write_text(project.read_text().replace("avg:a", "agv:a"))
    told = json.loads(toban("plan", "--local", "--format", "json", "--prune").out)
    assert [change for change in told["changes"] if change["action"] == "delete"] == []


def test_a_plan_file_is_for_one_target(toban: Toban, project: Path, server: str) -> None:
    toban("plan", "--local", "--out", "plan.json")
    ran = toban("sync", "plan.json", "--api-url", server)
    assert (ran.code, "was made for local Datadog" in ran.err) == (64, True)


def test_what_a_plan_may_do_is_allowed_where_its_file_is_carried_out(toban: Toban, project: Path) -> None:
    toban("sync", "--local", "--yes")
    project.write_text("".join(project.read_text().splitlines(keepends=True)[:4]))
    toban("plan", "--local", "--prune", "--out", "plan.json")
    ran = toban("sync", "plan.json", "--local")
    assert (ran.code, "allow it here too: toban sync FILE --prune" in ran.err) == (64, True)
    ran = toban("sync", "plan.json", "--local", "--prune")
    assert (ran.code, ran.out) == (0, "1 deleted.\n")


def test_a_plan_that_was_made_without_it_does_no_more_with_a_flag(toban: Toban, project: Path) -> None:
    toban("sync", "--local", "--yes")
    project.write_text("".join(project.read_text().splitlines(keepends=True)[:4]))
    toban("plan", "--local", "--out", "plan.json")
    assert toban("sync", "plan.json", "--local", "--prune").code == 0
    assert "1 to delete" in toban("plan", "--local", "--prune").out


def test_a_filtered_plan_file_leaves_the_last_count_alone(toban: Toban, project: Path, tmp_path: Path) -> None:
    (project.parent / "other.yaml").write_text(
        "service: other\nmonitors: {x: {kind: metric, query: 'avg(last_5m):avg:x{*} > 1'}}\n"
    )
    toban("sync", "--local", "--yes")
    toban("plan", "--local", "--only", "service:other", "--out", "plan.json")
    toban("sync", "plan.json", "--local")
    (kept,) = (tmp_path / ".toban" / "last").iterdir()
    assert json.loads(kept.read_bytes())["count"] == 4


def last_count(folder: Path) -> Path:
    (kept,) = (folder / ".toban" / "last").iterdir()
    return kept


def test_a_type_whose_list_is_suddenly_empty_is_not_created_again(
    toban: Toban, project: Path, server: str, tmp_path: Path
) -> None:
    slo = "slos: {x: {monitor: {monitors: ['%{a}']}, thresholds: {30d: {target: 99}}}}\n"
    project.write_text(project.read_text() + slo)
    assert toban("sync", "--yes", "--api-url", server).code == 0
    counted = json.loads(last_count(tmp_path).read_bytes())
    assert (counted["count"], counted["by_type"]["monitor"], counted["by_type"]["slo"]) == (4, 3, 1)
    with urlopen(f"{server}/api/v1/slo") as answer:  # noqa: S310 - the local Datadog
        (live,) = json.loads(answer.read())["data"]
    with urlopen(Request(f"{server}/api/v1/slo/{live['id']}", method="DELETE")):  # noqa: S310 - the local Datadog
        pass
    shutil.rmtree(tmp_path / ".toban" / "applied")
    ran = toban("sync", "--yes", "--api-url", server)
    assert (ran.code, "Datadog lists 0 of our slos, but 1 was live after the last sync" in ran.err) == (1, True)
    assert toban("sync", "--yes", "--api-url", server, "--accept-live-loss").code == 0


@pytest.mark.parametrize(
    ("kept", "obstacles"),
    [
        ({"count": 12}, ["live-shrank"]),
        ({"count": 0}, []),
        ({"count": -1}, []),
        ({"count": 12, "by_type": {"monitor": "x"}}, []),
        ({"count": 10**400}, []),
        ({"count": 0, "by_type": {"monitor": 12, "nothing": 7}}, ["live-shrank"]),
    ],
    ids=lambda each: str(each)[:40],
)
def test_a_count_of_an_earlier_version_is_believed_and_an_odd_one_is_not(
    toban: Toban, project: Path, tmp_path: Path, kept: dict[str, object], obstacles: list[str]
) -> None:
    toban("sync", "--local", "--yes")
    place = last_count(tmp_path)
    told = {key: value for key, value in json.loads(place.read_bytes()).items() if key != "by_type"}
    place.write_text(json.dumps({**told, **kept}))
    (tmp_path / ".toban" / "local.db").unlink()
    shutil.rmtree(tmp_path / ".toban" / "applied")
    made = json.loads(toban("plan", "--local", "--format", "json").out)
    assert [each["rule"] for each in made["obstacles"]] == obstacles


def test_an_output_that_cannot_be_written_is_told(toban: Toban, project: Path, tmp_path: Path) -> None:
    command = f"{sys.executable} -m generator plan --local > /dev/full"
    done = subprocess.run(["/bin/bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, "No space left" in done.stderr) == (1, True)


def test_an_address_that_is_not_this_machine_needs_keys(toban: Toban, project: Path) -> None:
    assert toban("plan", "--api-url", "https://api.example.com").code == 64


def test_nothing_to_do_is_json_too(toban: Toban, project: Path) -> None:
    toban("sync", "--local", "--yes")
    assert json.loads(toban("sync", "--local", "--yes", "--format", "json").out)["outcomes"] == []


def test_a_sync_that_was_cut_off_is_told_by_the_next(toban: Toban, project: Path, tmp_path: Path) -> None:
    journal = tmp_path / ".toban" / "journal" / "20260101T000000.000000Z-1.jsonl"
    journal.parent.mkdir(parents=True)
    journal.write_text(
        '{"version": 1, "target": "local Datadog (.toban/local.db)"}\n'
        '{"intent": {"resource": "monitor", "tracking_id": "w/api/a/production", "action": "create"}}\n'
    )
    assert "cut off while it wrote `w/api/a/production`" in toban("sync", "--local", "--yes").err
    project.write_text(project.read_text().replace("> 1", "> 2"))
    assert "cut off" not in toban("sync", "--local", "--yes").err


def test_what_a_broken_monitor_was_is_not_pruned(toban: Toban, project: Path) -> None:
    toban("sync", "--local", "--yes")
    lines = project.read_text().splitlines(keepends=True)
    lines[2] = "  new: {kind: metric, was: a, query: 'avg(last_5m):agv:a{*} > 1'}\n"
    project.write_text("".join(lines[:4]))
    told = json.loads(toban("plan", "--local", "--prune", "--format", "json").out)
    assert [each["tracking_id"] for each in told["changes"] if each["action"] == "delete"] == ["w/api/both/production"]
