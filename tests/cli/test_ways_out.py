"""On each way out the collector has nothing left to walk: its last pass can crash in msgspec, with exit code 139."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import TextIO

import pytest

from generator.cli._exits import INTERRUPTED, OK, PROBLEM, USAGE

_FULL = Path("/dev/full")


def _started(told: Path, *arguments: str, stderr: TextIO | int = subprocess.PIPE) -> subprocess.Popen[str]:
    # What is registered first runs last.
    script = f"""
import atexit, gc, pathlib, sys
atexit.register(lambda: pathlib.Path({str(told)!r}).write_text(str(gc.get_freeze_count() > 0)))
from generator.cli import main
main()
"""
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.Popen(command, cwd=told.parent, stdout=subprocess.PIPE, stderr=stderr, text=True)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("--version",), OK), (("nonsense",), USAGE), (("lint", "--root", "."), PROBLEM)],
    ids=["done", "usage", "problem"],
)
def test_nothing_is_left_to_collect_after_a_command(arguments: tuple[str, ...], code: int, tmp_path: Path) -> None:
    process = _started(tmp_path / "told", *arguments)
    process.communicate(timeout=60)

    assert (process.returncode, (tmp_path / "told").read_text()) == (code, "True")


def test_nothing_is_left_to_collect_after_an_interruption(tmp_path: Path) -> None:
    process = _started(tmp_path / "told", "local", "--db", str(tmp_path / "local.db"))
    assert process.stdout is not None
    assert process.stdout.readline().startswith("http")

    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)

    assert (process.returncode, (tmp_path / "told").read_text()) == (INTERRUPTED, "True")


@pytest.mark.skipif(not _FULL.exists(), reason="there is no /dev/full, onto which nothing can be written")
def test_nothing_is_left_to_collect_where_not_even_the_error_can_be_told(tmp_path: Path) -> None:
    with _FULL.open("w") as full:
        process = _started(tmp_path / "told", "nonsense", stderr=full)
        process.communicate(timeout=60)

    assert (process.returncode, (tmp_path / "told").read_text()) == (1, "True")
