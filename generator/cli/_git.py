"""What git says of a folder."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_GIT_SECONDS = 30


def git_says(root: Path, *arguments: str) -> str:
    """Its answer without the last line break; nothing where it refuses."""
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    command = ["git", "-c", "core.fsmonitor=false", "--no-pager", *arguments]
    try:
        done = subprocess.run(  # noqa: S603  no shell, and each argument is ours
            command, cwd=root, env=environment, capture_output=True, timeout=_GIT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout.decode(errors="replace").strip() if done.returncode == 0 else ""
