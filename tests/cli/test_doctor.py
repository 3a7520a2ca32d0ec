"""`toban doctor`: what is wrong, and how to mend it."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from generator.cli import toban
from generator.localdog.gate import Keys
from generator.localdog.server import Begin, embedded
from generator.starter.starting import Beginning, starting_files

API, APPLICATION, READER = "0123456789abcdef" * 2, "0123456789" * 4, "9876543210" * 4
ORGANIZATION = "workspace: main\nenvironments: {production: {scope: 'env:production'}}\nnotify: '@slack-a'\n"
SERVICE = """\
service: api
runbook: https://wiki.example.com/api
monitors:
  latency: {kind: metric, query: "avg(last_5m):avg:latency{<< environment.scope >>} > 1"}
"""
IDENTITY = {f"GIT_{role}_{what}": "a@b" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
Checks = dict[str, dict[str, str]]


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in os.environ if each.startswith(("DD_", "DATADOG_", "GIT_", "CI"))]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="module")
def guarded() -> Iterator[str]:
    """A Datadog that knows its keys."""
    with embedded(None, begin=Begin(Keys(API, APPLICATION, READER))) as url:
        yield url


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "monitors").mkdir()
    (tmp_path / "monitors" / "organization.yaml").write_text(ORGANIZATION)
    (tmp_path / "monitors" / "api.yaml").write_text(SERVICE)
    (tmp_path / ".gitignore").write_text(".toban/\n")
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "x")
    return tmp_path


def git(folder: Path, *arguments: object) -> None:
    command = ["git", *map(str, arguments)]
    subprocess.run(command, cwd=folder, env={**os.environ, **IDENTITY}, check=True, capture_output=True)


def looked(root: Path, *arguments: str, code: int | None = None, **variables: str) -> Checks:
    """The checks by name; no key is told, in whatever way."""
    done = CliRunner().invoke(
        toban, ["doctor", "--root", str(root), "--format", "json", *arguments], env=variables, standalone_mode=False
    )
    assert done.exception is None, done.exception
    assert [value for value in variables.values() if len(value) > 30 and value in done.output] == []
    told = json.loads(done.stdout)
    assert told["version"] == 1
    if code is not None:
        assert done.return_value == code
    return {each["name"]: each for each in told["checks"]}


def keys(api: str = API, application: str = APPLICATION) -> dict[str, str]:
    return {"DD_API_KEY": api, "DD_APP_KEY": application}


def statuses(checks: Checks) -> dict[str, str]:
    return {name: each["status"] for name, each in checks.items()}


@contextlib.contextmanager
def faulty(url: str, scenario: str) -> Iterator[None]:
    ask(url, "PUT", scenario)
    try:
        yield
    finally:
        ask(url, "DELETE", "")


def ask(url: str, method: str, body: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    connection.request(method, "/_toban/faults", body=body)
    assert connection.getresponse().status < 300
    connection.close()


def test_all_is_well_with_good_keys(project: Path, guarded: str) -> None:
    checks = looked(project, "--api-url", guarded, "--writes", code=0, **keys())
    assert set(statuses(checks).values()) == {"ok"}
    assert {"keys", "api key", "clock", "git", "state", "configuration", "versions"} < checks.keys()
    assert {"read monitors", "read downtimes", "write monitors", "write dashboards"} < checks.keys()


def test_each_check_is_a_line_and_each_trouble_has_a_remedy(project: Path) -> None:
    done = CliRunner().invoke(toban, ["doctor", "--root", str(project)], standalone_mode=False)
    lines = done.stdout.splitlines()
    assert lines[0].split()[:2] == ["ok", "versions"]
    assert lines[-2].split()[:2] == ["warning", "keys"]
    assert lines[-1].strip().startswith("→ set DD_API_KEY and DD_APP_KEY")


def test_without_keys_a_warning_says_what_needs_none(project: Path) -> None:
    checks = looked(project, code=0)
    assert checks["keys"]["status"] == "warning"
    assert "api key" not in checks


def test_keys_under_names_of_other_tools_are_told(project: Path) -> None:
    checks = looked(project, DATADOG_API_KEY=API)
    assert "DATADOG_API_KEY is set, which toban does not read" in checks["keys"]["text"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"DD_API_KEY": API}, "DD_APP_KEY is not set, but the other key is"),
        ({"DD_API_KEY_FILE": "/nowhere/key", "DD_APP_KEY": APPLICATION}, "cannot be read"),
        ({**keys(), "DD_SITE": "app.datadoghq.com"}, "is no Datadog site"),
        ({**keys(), "DD_SITE": f"\x1b[31m{API}"}, "is no Datadog site"),
        (keys(api=f"{API}\nX: 1"), "line break"),
    ],
    ids=["half", "no file", "site", "hostile site", "line break"],
)
def test_keys_that_cannot_be_used_are_a_problem(project: Path, given: dict[str, str], told: str) -> None:
    check = looked(project, code=1, **given)["keys"]
    assert check["status"] == "problem"
    assert told in check["text"]
    assert check["text"].isprintable()


def test_a_wrong_api_key_ends_the_questions(project: Path, guarded: str) -> None:
    checks = looked(project, "--api-url", guarded, code=1, **keys(api="f" * 32))
    assert checks["api key"]["status"] == "problem"
    assert "Forbidden" in checks["api key"]["text"]
    assert "read monitors" not in checks


def test_exchanged_keys_are_recognised(project: Path, guarded: str) -> None:
    checks = looked(project, "--api-url", guarded, code=1, **keys(APPLICATION, API))
    assert "look exchanged" in checks["keys"]["text"]


@pytest.mark.parametrize("writes", [(), ("--writes",)], ids=["", "writes"])
def test_a_wrong_application_key_is_told_once_and_as_that(project: Path, guarded: str, writes: tuple[str, ...]) -> None:
    checks = looked(project, "--api-url", guarded, *writes, code=1, **keys(application="f" * 40))
    assert [name for name, status in statuses(checks).items() if status != "ok"] == ["application key"]
    assert checks["api key"]["status"] == "ok"
    assert "5 calls of 5 were refused" in checks["application key"]["text"]
    assert "403" in checks["application key"]["text"]
    assert "monitors_read, dashboards_read, slos_read" in checks["application key"]["hint"]


def test_a_wrong_application_key_is_told_where_a_call_cannot_be_answered(project: Path, guarded: str) -> None:
    with faulty(guarded, "name: one\nfaults:\n  - when: {path: /api/v1/slo}\n    do: {status: 503}\n"):
        checks = looked(project, "--api-url", guarded, code=1, **keys(application="f" * 40))
    assert "4 calls of 5 were refused" in checks["application key"]["text"]
    assert "read monitors" not in checks


def test_a_scope_that_lacks_is_told_as_that(project: Path, guarded: str) -> None:
    faults = "".join(f"  - when: {{path: /api/{each}}}\n    do: {{status: 403}}\n" for each in ("v1/slo", "v1/query"))
    with faulty(guarded, f"name: one\nfaults:\n{faults}"):
        checks = looked(project, "--api-url", guarded, code=1, **keys())
    assert {name for name, status in statuses(checks).items() if status == "problem"} == {"read SLOs", "read metrics"}
    assert "slos_read" in checks["read SLOs"]["hint"]
    assert "application key" not in checks


def test_keys_for_reading_are_enough_for_a_plan_and_told_where_writing_is_asked_for(
    project: Path, guarded: str
) -> None:
    reading = looked(project, "--api-url", guarded, code=0, **keys(application=READER))
    assert reading["read monitors"]["status"] == "ok"
    writing = looked(project, "--api-url", guarded, "--writes", code=0, **keys(application=READER))
    assert {each["status"] for name, each in writing.items() if name.startswith("write ")} == {"warning"}
    assert "monitors_write" in writing["write monitors"]["hint"]


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ("{status: 503}", "warning"),
        ("{status: 429}", "warning"),
        ("{reset: before_write}", "warning"),
        ("{content_type: text/html, status: 502}", "warning"),
        ("{status: 403}", "problem"),
    ],
)
def test_a_fault_of_one_endpoint_is_told_there(project: Path, guarded: str, fault: str, status: str) -> None:
    scenario = f"name: one\nfaults:\n  - when: {{path: /api/v1/slo}}\n    do: {fault}\n"
    with faulty(guarded, scenario):
        checks = looked(project, "--api-url", guarded, **keys())
    assert checks["read SLOs"]["status"] == status
    assert checks["read dashboards"]["status"] == "ok"


def test_a_server_that_is_not_there_is_one_problem(project: Path) -> None:
    checks = looked(project, "--api-url", "http://127.0.0.1:9", code=1, **keys())
    assert checks["api key"]["status"] == "problem"
    assert "could not be checked" in checks["api key"]["text"]
    assert "clock" not in checks


def test_nothing_is_written(project: Path, guarded: str) -> None:
    looked(project, "--api-url", guarded, "--writes", **keys())
    connection = http.client.HTTPConnection(urlsplit(guarded).netloc, timeout=10)
    connection.request("GET", "/api/v1/monitor", headers={"DD-API-KEY": API, "DD-APPLICATION-KEY": APPLICATION})
    assert json.loads(connection.getresponse().read()) == []
    connection.close()
    assert not (project / ".toban").exists()


@contextlib.contextmanager
def dated(date: str) -> Iterator[str]:
    """A server with another clock; its lists are empty."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(200)
            self.send_header("Date", date)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(("hours", "way"), [(2, "behind"), (-2, "ahead of")])
def test_a_clock_that_is_wrong_is_a_problem(project: Path, hours: int, way: str) -> None:
    with dated(format_datetime(datetime.now(UTC) + timedelta(hours=hours), usegmt=True)) as url:
        check = looked(project, "--api-url", url, code=1)["clock"]
    assert check["status"] == "problem"
    assert f"s {way} Datadog's" in check["text"]


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 99 Jan 2027 00:00:00 GMT", "x" * 5_000])
def test_a_date_that_is_none_is_no_clock(project: Path, date: str) -> None:
    with dated(date) as url:
        assert "clock" not in looked(project, "--api-url", url, code=0)


def shallow(project: Path, tmp_path: Path, depth: int) -> Path:
    for each in "yz":
        git(project, "commit", "-q", "--allow-empty", "-m", each)
    clone = tmp_path / "clone"
    git(project, "clone", "-q", "--depth", depth, f"file://{project}", clone)
    return clone


def test_a_shallow_clone_is_told_with_what_the_workflows_say(project: Path, tmp_path: Path) -> None:
    check = looked(shallow(project, tmp_path, 1))["git"]
    assert check["status"] == "warning"
    assert "a shallow clone of one commit" in check["text"]
    hinted = re.findall(r"fetch-depth: (\d+)", check["hint"])
    workflows = "".join(
        text for path, text in starting_files(Beginning("main", "UTC")).items() if "/workflows/" in path
    )
    assert hinted == [*{*re.findall(r"fetch-depth: (\d+)", workflows)}]


def test_a_clone_as_deep_as_those_of_the_workflows_is_well(project: Path, tmp_path: Path) -> None:
    check = looked(shallow(project, tmp_path, 2))["git"]
    assert check["status"] == "ok"
    assert "in a shallow clone of 2 commits" in check["text"]


def test_what_is_not_committed_is_told(project: Path) -> None:
    (project / "monitors" / "web.yaml").write_text(SERVICE.replace("api", "web"))
    assert looked(project)["git"]["text"] == "1 project file not as in the last commit"


def test_a_folder_without_git_and_one_without_commits_are_told(tmp_path: Path) -> None:
    (tmp_path / "monitors").mkdir()
    assert "no git repository" in looked(tmp_path)["git"]["text"]
    git(tmp_path, "init", "-q")
    assert looked(tmp_path)["git"]["text"] == "there is no commit yet"


def test_state_that_git_tracks_is_a_problem(project: Path) -> None:
    (project / ".toban").mkdir()
    (project / ".toban" / "journal").write_text("x")
    git(project, "add", "-f", ".toban")
    assert looked(project, code=1)["state"]["status"] == "problem"
    git(project, "rm", "-q", "-r", "--cached", ".toban")
    (project / ".gitignore").write_text("")
    assert looked(project, code=0)["state"]["status"] == "warning"


def test_yaml_with_errors_is_a_problem_at_its_line(project: Path) -> None:
    (project / "monitors" / "api.yaml").write_text(SERVICE.replace("kind: metric", "kind: metrik"))
    check = looked(project, code=1)["configuration"]
    assert check["text"].startswith("monitors/api.yaml:4: ")
    assert check["hint"] == "run `toban lint`"


def test_a_folder_without_project_files_is_a_problem(tmp_path: Path) -> None:
    assert "toban init" in looked(tmp_path, code=1)["configuration"]["hint"]


def test_schemas_of_another_toban_are_told(project: Path) -> None:
    assert "schemas" not in looked(project)
    subprocess.run(
        [sys.executable, "-m", "generator", "schema", "--out", project / "schemas"], check=True, capture_output=True
    )
    assert looked(project)["schemas"]["status"] == "ok"
    (project / "schemas" / "set.schema.json").write_text("[" * 100_000)
    check = looked(project)["schemas"]
    assert (check["status"], check["text"]) == ("warning", "not those of this toban: set")


WHEEL = "toban-99.0.0-py3-none-any.whl"


@pytest.mark.parametrize(
    "line",
    [
        f"./vendor/{WHEEL} --hash=sha256:{'a' * 64}",
        f"toban @ https://example.com/{WHEEL} \\\n --hash=sha256:{'a' * 64}",
        f"toban == 99.0.0 \\\n    --hash=sha256:{'a' * 64}",
    ],
)
def test_another_version_than_the_repository_names_is_told(project: Path, line: str) -> None:
    (project / "requirements.txt").write_text(f"--no-index\n{line}\n")
    checks = looked(project, code=0)
    assert "99.0.0" in checks["versions"]["text"]
    assert "source" not in checks


@pytest.mark.parametrize("line", ["toban", "Toban==0.1.0", "toban[aws] == 99.0.0", "a==1\ntoban[aws,parquet]>=1 \\"])
def test_a_toban_that_an_index_would_give_is_a_problem(project: Path, line: str) -> None:
    (project / "requirements.txt").write_text(f"{line}\n")
    check = looked(project, code=1)["source"]
    assert "a package of a stranger" in check["text"]
    assert "toban init --keep --source" in check["hint"]


@pytest.mark.parametrize(
    "line", ["", "# toban==1", "toban-x==1", "tobanana", "toban @ git+https://example.com/a@" + "a" * 40]
)
def test_other_packages_and_places_are_no_names_at_an_index(project: Path, line: str) -> None:
    (project / "requirements.txt").write_text(f"{line}\n")
    assert "source" not in looked(project, code=0)


def test_a_repository_without_a_source_is_told(project: Path) -> None:
    (project / "requirements.txt").write_text(starting_files(Beginning("main", "UTC"))["requirements.txt"])
    assert "does not say where toban comes from" in looked(project, code=1)["source"]["text"]
