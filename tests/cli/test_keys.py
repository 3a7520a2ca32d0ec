"""Where keys come from; and that a run leaves none behind."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from generator.localdog.gate import Keys
from generator.localdog.server import Begin, embedded
from tests.datadog.test_blotting import WRITTEN

API, APPLICATION = "planted0api0key0planted0api0key0", "planted0application0key0planted0application0"
SECRETS = (API, APPLICATION)
Toban = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with embedded(None, begin=Begin(keys=Keys(API, APPLICATION))) as address:
        yield address


@pytest.fixture
def toban(toban_here: Toban, url: str) -> Toban:
    """Run against the local Datadog that takes the planted keys only."""
    return lambda *arguments, **environment: toban_here(*arguments, "--api-url", url, **environment)


@pytest.fixture
def toban_here(tmp_path: Path) -> Toban:
    """Run in `tmp_path/project` with the environment given."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DD_", "CI", "AWS_"))}
    project = tmp_path / "project"
    (project / "monitors").mkdir(parents=True)
    organization = "workspace: w\nenvironments: {production: {scope: 'env:production'}}\nnotify: '@slack-a'\n"
    (project / "monitors" / "organization.yaml").write_text(organization)
    (project / "monitors" / "api.yaml").write_text(monitors("a", "b"))

    def run(*arguments: object, **environment: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-X", "dev", "-m", "generator", *map(str, arguments)],
            cwd=project, env={**inherited, **{name: str(value) for name, value in environment.items()}},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    return run


def in_base64(before: str, key: str) -> str:
    return base64.b64encode(f"{before}{key}".encode()).decode()


def monitors(*names: str, threshold: int = 1) -> str:
    lines = (f"  {name}: {{kind: metric, query: 'avg(last_5m):avg:{name}{{x:y}} > {threshold}'}}\n" for name in names)
    return "service: api\nmonitors:\n" + "".join(lines)


def in_files(folder: Path) -> dict[str, str]:
    (folder / "api").write_text(f"{API}\n")
    (folder / "application").write_text(APPLICATION)
    return {"DD_API_KEY_FILE": str(folder / "api"), "DD_APP_KEY_FILE": str(folder / "application")}


def test_keys_may_stand_in_files(toban: Toban, tmp_path: Path) -> None:
    assert toban("plan", **in_files(tmp_path)).returncode == 0


def test_one_key_may_stand_in_a_file_and_the_other_in_the_environment(toban: Toban, tmp_path: Path) -> None:
    given = in_files(tmp_path)
    assert toban("plan", DD_API_KEY=API, DD_APP_KEY_FILE=given["DD_APP_KEY_FILE"]).returncode == 0


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"DD_API_KEY": API}, "DD_APP_KEY is not set, but the other key is"),
        (
            {"DD_API_KEY": API, "DD_API_KEY_FILE": "x", "DD_APP_KEY": APPLICATION},
            "DD_API_KEY and DD_API_KEY_FILE are both set",
        ),
        ({"DD_API_KEY_FILE": "nowhere", "DD_APP_KEY": APPLICATION}, "`nowhere` cannot be read: No such file"),
        ({"DD_API_KEY_FILE": ".", "DD_APP_KEY": APPLICATION}, "`.` cannot be read: Is a directory"),
        ({"DD_API_KEY_FILE": "/dev/zero", "DD_APP_KEY": APPLICATION}, "holds no key"),
        ({"DD_API_KEY_FILE": "/dev/null", "DD_APP_KEY": APPLICATION}, "holds no key"),
        ({"DD_API_KEY_FROM": "vault:x", "DD_APP_KEY": APPLICATION}, "DD_API_KEY_FROM: `vault:x` names no secret"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, dict) else "",
)
def test_what_is_no_key_is_told(given: dict[str, str], told: str, toban: Toban) -> None:
    ran = toban("plan", **given)
    assert (ran.returncode, told in ran.stderr) == (64, True), ran.stderr
    assert not any(secret in ran.stdout + ran.stderr for secret in SECRETS)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"DD_API_KEY_FILE": API, "DD_APP_KEY": APPLICATION}, "a key itself belongs into DD_API_KEY"),
        ({"DD_API_KEY": API, "DD_APP_KEY_FROM": APPLICATION}, "a key itself belongs into DD_APP_KEY"),
        ({"DD_API_KEY": API, "DD_APP_KEY": APPLICATION, "DD_SITE": APPLICATION}, "is no Datadog site"),
        ({"DD_API_KEY_FROM": f"ssm:{API}", "DD_APP_KEY": APPLICATION}, "DD_API_KEY_FROM"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, dict) else "",
)
def test_a_key_in_the_wrong_variable_is_not_repeated(given: dict[str, str], told: str, toban_here: Toban) -> None:
    ran = toban_here("plan", **given)
    assert (ran.returncode, told in ran.stderr) == (64, True), ran.stderr
    assert not any(secret in ran.stdout + ran.stderr for secret in SECRETS)


@pytest.mark.parametrize("address", ["https://h.example/?api_key={}", "http://h.example/{}", "ftp://{}", "http://h:{}"])
def test_a_key_in_the_address_is_not_repeated(address: str, toban_here: Toban) -> None:
    ran = toban_here("plan", "--api-url", address.format(API), DD_API_KEY=API, DD_APP_KEY=APPLICATION)
    assert ran.returncode == 64
    assert API not in ran.stdout + ran.stderr


@pytest.mark.parametrize("address", ["http://[::1", "http://127.0.0.1:x", "nonsense", "//", "http://"])
def test_an_address_that_cannot_be_read_is_told(address: str, toban_here: Toban) -> None:
    ran = toban_here("plan", "--api-url", address)
    assert (ran.returncode, "write it as https://HOST[:PORT]" in ran.stderr) == (64, True), ran.stderr


def test_keys_that_a_server_repeats_are_in_nothing_that_a_sync_leaves(toban_here: Toban, tmp_path: Path) -> None:
    """A proxy that helps to find faults answers with what it was sent."""
    with echoing() as address:
        ran = toban_here("sync", "--yes", "--api-url", address, DD_API_KEY=API, DD_APP_KEY=APPLICATION)
    assert ran.returncode in (0, 1), ran.stderr
    left = b"".join(path.read_bytes() for path in (tmp_path / "project").rglob("*") if path.is_file())
    assert b"intent" in left
    for secret in SECRETS:
        assert secret not in ran.stdout + ran.stderr
        assert secret.encode() not in left


@contextmanager
def echoing() -> Iterator[str]:
    """A server without resources, which answers a POST with the keys in it, in its id too."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answer({"data": []} if "slo" in self.path or "v2" in self.path else [])

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            keys = [each for each in self.headers.items() if each[0].upper().startswith("DD-")]
            self.answer({"id": "".join(key for _, key in keys), "name": str(keys)})

        def answer(self, content: object) -> None:
            sent = json.dumps({"dashboards": []} if "dashboard" in self.path else content).encode()
            self.send_response_only(200)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base class
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_planted_key_is_in_nothing_that_a_run_says_or_leaves(toban: Toban, tmp_path: Path) -> None:
    given = in_files(tmp_path)
    wrong = {"DD_API_KEY": API, "DD_APP_KEY": APPLICATION[::-1]}
    file = tmp_path / "project" / "monitors" / "api.yaml"
    ran = [toban("plan", "--out", "plan.json", **given), toban("sync", "plan.json", **given)]
    file.write_text(monitors("a", threshold=2))
    ran += [
        toban("plan", "--format", "markdown", "--prune", DD_API_KEY=API, DD_APP_KEY=APPLICATION),
        toban("sync", "--yes", "--prune", "--format", "json", **given),
        toban("sync", "--restore", "last", **given),
    ]
    shown = re.findall("^digest ([0-9a-f]{64})$", ran[-1].stderr, re.MULTILINE)
    ran += [
        toban("sync", "--yes", "--restore", "last", "--expect", *shown, **given),
        toban("plan", **wrong),
        toban("sync", "--yes", DD_SITE="nowhere.example", DD_API_KEY=API, DD_APP_KEY=APPLICATION),
    ]
    assert [each.returncode for each in ran] == [0, 0, 0, 0, 64, 0, 1, 0]
    said = "".join(each.stdout + each.stderr for each in ran)
    left = b"".join(path.read_bytes() for path in (tmp_path / "project").rglob("*") if path.is_file())
    for secret in (*SECRETS, APPLICATION[::-1]):
        assert secret not in said
        assert secret.encode() not in left
    kept = {path.parts[-3] for path in (tmp_path / "project" / ".toban").rglob("*/*/*.json*")}
    assert "archive" in kept


def test_no_command_takes_a_key_as_an_argument(toban: Toban) -> None:
    """What stands in a command line is in the list of processes."""
    import click

    from generator.cli import toban as commands

    context = click.Context(commands)
    options = [
        option
        for name in commands.list_commands(context)
        if name != "local" and (command := commands.get_command(context, name)) is not None
        for parameter in command.params
        for option in parameter.opts
    ]
    assert options
    assert [option for option in options if "key" in option] == []


PLANTED = (
    f"@slack-{API}",
    f"<< '{API}' | upper >>",
    API.upper(),
)


@pytest.mark.parametrize("message", PLANTED)
def test_a_key_in_the_yaml_is_refused_and_neither_shown_nor_kept(message: str, toban: Toban, tmp_path: Path) -> None:
    given = in_files(tmp_path)
    project = tmp_path / "project"
    file = project / "monitors" / "api.yaml"
    file.write_text(
        file.read_text() + f'  c: {{kind: metric, query: "avg(last_5m):avg:c{{x:y}} > 1", message: "{message}"}}\n'
    )
    ran = [
        toban("plan", "--out", "plan.json", **given),
        toban("plan", "--format", "json", **given),
        toban("plan", "--format", "markdown", **given),
        toban("sync", "--yes", **given),
        toban("sync", "--yes", "--no-cache", "--prune", **given),
    ]
    assert [each.returncode for each in ran] == [1] * 5
    told = ran[0].stdout + ran[0].stderr
    assert "`w/api/c/production` holds a Datadog key that is in use" in told
    assert "monitors/api.yaml:" in told
    file.unlink()
    left = b"".join(path.read_bytes() for path in project.rglob("*") if path.is_file())
    for secret in (API, API.upper()):
        assert secret not in "".join(each.stdout + each.stderr for each in ran)
        assert secret.encode() not in left


FORMS: dict[str, Callable[[str], str]] = {
    **{way: write for way, write in WRITTEN.items() if not way.startswith("JSON of")},
    **{f"base64 after {before!r}": partial(in_base64, before) for before in ("", "x", "me", "https://h/?k=")},
    "base64 of another case": lambda key: in_base64("", key.upper()),
    "base64 for URLs": lambda key: base64.urlsafe_b64encode(f"??>>{key}".encode()).decode(),
    "two templates": lambda key: f"<< '{key[:9]}' >><< '{key[9:]}' >>",
}


def test_a_key_in_any_form_is_refused_and_in_nothing_that_a_run_leaves(
    toban: Toban, toban_here: Toban, tmp_path: Path
) -> None:
    """One monitor for each form of each key, beside two without."""
    given = in_files(tmp_path)
    project = tmp_path / "project"
    file = project / "monitors" / "secret.yaml"
    planted = [(key, write) for key in SECRETS for write in FORMS.values()]
    bodies = [
        {"kind": "metric", "query": f"avg(last_5m):avg:m{number}{{x:y}} > 1", "message": f"see {write(key)} there"}
        for number, (key, write) in enumerate(planted)
    ]
    named = {f"m{number}": body for number, body in enumerate(bodies)}
    with seen_processes() as commands:
        ran = [toban("plan", "--prune", "--out", "plan.json", **given)]
        for each in (named, dict(list(named.items())[-2:])):
            file.write_text(json.dumps({"service": "secret", "monitors": each}))
            ran += [
                toban_here("lint", "--format", "json", **given),
                toban("plan", "--out", "plan.json", **given),
                toban("sync", "--yes", **given),
            ]
            file.unlink()
        ran += [toban("sync", "--yes", "--format", "json", **given)]
    assert [each.returncode for each in ran] == [0, 1, 1, 1, 1, 1, 1, 0]
    for number in range(len(planted)):
        assert f"`w/secret/m{number}/production` holds a Datadog key that is in use" in ran[1].stdout
    said = "".join(each.stdout + each.stderr for each in ran)
    for content in (said.encode(), b"".join(commands), *left_in(project)):
        assert held_in(content) == []
    assert b"generator" in b"".join(commands)


def held_in(content: bytes) -> list[str]:
    """The forms in which a planted key stands there, by a search for each."""
    ways = {**FORMS, **WRITTEN}
    return [way for way, write in ways.items() for key in SECRETS if core(write(key)).lower() in content.lower()]


def core(written: str) -> bytes:
    """Without what depends on its neighbours."""
    return written.rstrip("=")[20:-2].encode()


def left_in(project: Path) -> list[bytes]:
    return [path.read_bytes() for path in project.rglob("*") if path.is_file()]


@contextmanager
def seen_processes() -> Iterator[set[bytes]]:
    """The command lines that other users of the machine could see."""
    seen: set[bytes] = set()
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.02):
            for place in Path("/proc").glob("[0-9]*/cmdline"):
                with suppress(OSError):
                    seen.add(place.read_bytes())

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield seen
    finally:
        over.set()
        looking.join()


@pytest.mark.parametrize(
    "arguments",
    [
        ["query", "parse", f"avg(last_5m):avg:a{{k:{API}}} > 1"],
        ["query", "parse", "--format", "json", f"avg(last_5m):avg:a{{k:{API}}} > 1"],
        ["query", "parse", f"{API} avg("],
        ["query", "explain", f"avg(last_5m):avg:a{{k:{API}}} > 1"],
        ["query", "parse", "--tsv", "lines.tsv"],
        ["local", "--now", API],
    ],
    ids=lambda each: " ".join(each[:3]),
)
def test_a_key_in_what_is_asked_is_not_repeated(arguments: list[str], toban_here: Toban, tmp_path: Path) -> None:
    (tmp_path / "project" / "lines.tsv").write_text(f"query alert\tavg(last_5m):avg:a{{k:{API}}} > 1\n")
    ran = toban_here(*arguments, **in_files(tmp_path))
    assert "***" in ran.stdout + ran.stderr
    assert API not in ran.stdout + ran.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["sync", "--yes", "--expect", API],
        ["sync", "--restore", API],
        ["plan", "--only", f"service:{API}"],
        ["sync", "--within", API],
        ["sync", API],
        ["plan", "--ref", API],
        ["plan", "--revert-drift", API],
        ["plan", API],
        [API],
    ],
    ids=" ".join,
)
def test_a_key_among_the_arguments_is_not_repeated(arguments: list[str], toban: Toban, tmp_path: Path) -> None:
    ran = toban(*arguments, **in_files(tmp_path))
    assert ran.returncode != 0
    assert API not in ran.stdout + ran.stderr
