"""Runs a command as people and CI do: as a process of its own, with nobody at a terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


Toban = Callable[..., Ran]


def run_in(folder: Path, *arguments: object, **variables: str) -> Ran:
    """Without keys but for those given."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DD_", "CI"))}
    done = subprocess.run(
        [sys.executable, "-m", "generator", *map(str, arguments)], cwd=folder,
        env={**inherited, "PYTHONPATH": str(REPOSITORY), **variables},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "bug in toban" not in done.stderr, done.stderr
    return Ran(done.returncode, done.stdout, done.stderr)
