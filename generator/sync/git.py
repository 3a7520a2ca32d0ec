"""Calls of git, without hooks, prompts, pagers or anything of the person's own setting that changes what is said."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_SECONDS = 120


class GitFailed(Exception):  # noqa: N818 - the name says what is known
    """What git said."""


def git(root: Path, *arguments: str, given: bytes = b"") -> bytes:
    """What git prints; raises GitFailed."""
    # Ours to find on the PATH: people and CI images have it in different places.
    command = ["git", "--no-pager", "-c", f"core.hooksPath={os.devnull}", "-c", "gc.auto=0", *arguments]
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(  # noqa: S603  no shell, and names are checked before they get here
            command, cwd=root, env=environment, input=given, capture_output=True, timeout=_SECONDS, check=True
        )
    except FileNotFoundError as error:
        raise GitFailed("git is not installed") from error
    except subprocess.TimeoutExpired as error:
        raise GitFailed(f"git gave no answer in {_SECONDS} seconds") from error
    except subprocess.CalledProcessError as error:
        told = error.stderr.decode(errors="replace").strip()
        raise GitFailed(told or f"git ended with {error.returncode}") from error
    return done.stdout


def commit_of(root: Path, name: str) -> str:
    """The full name of a commit; empty where there is none, or no git."""
    try:
        return git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}").decode().strip()
    except GitFailed:
        return ""


def is_repository(root: Path) -> bool:
    try:
        git(root, "rev-parse", "--git-dir")
    except GitFailed:
        return False
    return True
