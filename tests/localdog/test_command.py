"""`toban local` as people start it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.localdog.client import Client, Payload


@contextmanager
def local(*options: str) -> Iterator[Client]:
    command = [sys.executable, "-m", "generator", "local", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        client = Client(process.stdout.readline().strip())
        try:
            yield client
        finally:
            client.close()
            process.send_signal(signal.SIGINT)
            assert process.wait(20) in (0, 130)


def test_a_scenario_and_a_seed_are_there_from_the_start(tmp_path: Path, monitor: Payload) -> None:
    (tmp_path / "seed").mkdir()
    (tmp_path / "seed" / "one.json").write_text(json.dumps(monitor))
    options = ("--faults", "docs/faults/queued-writes.yaml", "--seed", str(tmp_path / "seed"))
    with local(*options, "--db", str(tmp_path / "dog.db")) as call:
        assert [found["name"] for found in call("GET", "/api/v1/monitor").body] == [monitor["name"]]
        assert call("GET", "/_toban/faults").body["name"].startswith("writes queue up")


REFUSED = [
    (["--faults", "bad.yaml"], "bad.yaml: "),
    (["--faults", "missing.yaml"], "missing.yaml"),
    (["--seed", "missing"], "missing"),
    (["--seed", "."], "odd.json: "),
    (["--read-only-app-key", "r"], "one key without the other"),
    (["--api-key", "a"], "one key without the other"),
]


@pytest.mark.parametrize(("options", "words"), REFUSED, ids=[" ".join(options) for options, _ in REFUSED])
def test_what_cannot_be_served_is_told(tmp_path: Path, options: list[str], words: str) -> None:
    (tmp_path / "bad.yaml").write_text("faults: [{do: {status: high}}]")
    (tmp_path / "odd.json").write_text('{"what": "am I"}')
    done = subprocess.run(
        [sys.executable, "-m", "generator", "local", *options],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 64
    assert words in done.stderr
    assert "Traceback" not in done.stderr
