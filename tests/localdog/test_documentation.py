"""What the page on the local Datadog says holds."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from generator.localdog.fault import read_deed, read_scenario
from generator.localdog.server import embedded
from tests.localdog.client import Client, Payload
from tests.localdog.evaluated import driven

PAGE = Path("docs/local-datadog.md").read_text(encoding="utf-8")
SCENARIOS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
STATEMENTS = re.findall(r'sqlite3 dog\.db "(.*)"', PAGE)
DEEDS = re.findall(r"^\| `((?:status|content_type|reset|half|refuse_seconds|stale|delay): .*?)` \|", PAGE, re.MULTILINE)
PATHS = sorted(set(re.findall(r"`(/(?:api|_toban)/[a-z0-9_/]+)`", PAGE)))


@pytest.mark.parametrize("text", SCENARIOS)
def test_a_scenario_of_the_page_can_be_read(text: str) -> None:
    assert read_scenario(text).name


@pytest.mark.parametrize("text", DEEDS)
def test_a_deed_of_the_page_can_be_asked_for(text: str) -> None:
    assert read_deed(text)


def test_the_page_tells_each_deed() -> None:
    assert len(DEEDS) == 8


def test_the_statements_of_the_page_find_what_is_there(
    tmp_path: Path, connect: Callable[[str], Client], monitor: Payload
) -> None:
    with embedded(tmp_path / "dog.db") as url:
        connect(url)("POST", "/api/v1/monitor", monitor)
        with closing(sqlite3.connect(tmp_path / "dog.db")) as database:
            for statement in STATEMENTS:
                assert database.execute(statement).fetchall(), statement
    assert len(STATEMENTS) == 2


def test_the_alert_of_the_page_is_told_as_it_says() -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not installed")
    section = PAGE[PAGE.index("<!-- alert -->") : PAGE.index("<!-- /alert -->")]
    commands, expected = re.findall(r"```\w+\n(.*?)```", section, re.DOTALL)
    with driven() as server:
        for command in re.split(r"\n(?=curl )", commands.strip()):
            words = shlex.split(command.replace("http://127.0.0.1:8126", server.call.url))
            done = subprocess.run([curl, *words[1:]], capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(done.stdout) == json.loads(expected)


@pytest.mark.parametrize("path", PATHS)
def test_a_path_of_the_page_is_played(call: Client, path: str) -> None:
    words = {str(call(method, path, {}).body) for method in ("GET", "POST", "PUT")}
    assert not all("'Not found'" in told for told in words)
