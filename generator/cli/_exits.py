"""Exit codes, and the ways to stop."""

from __future__ import annotations

import traceback

OK = 0
PROBLEM = 1
PENDING = 2
BROKEN = 2
"""Of `toban test`: the files cannot be read as tests or monitors, so that no test says anything."""
USAGE = 64
BUG = 70
INTERRUPTED = 130


class Stop(Exception):  # noqa: N818  it is not an error of ours
    """Stop with a text for people and an exit code."""

    def __init__(self, message: str, *, hint: str = "", code: int = PROBLEM) -> None:
        super().__init__(f"{message}\n  {hint}" if hint else message)
        self.code = code


def bug_report(error: Exception) -> str:
    """Where we failed, without any value that the failure may hold: one could be a key."""
    frames = traceback.extract_tb(error.__traceback__)
    places = "\n".join(
        f"  {frame.filename.rsplit('/generator/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames[-12:]
    )
    return (
        f"this is a bug in toban: {type(error).__name__} at\n{places}\n"
        "nothing that was printed above is lost; please report it with the command and these lines"
    )
