"""Who has to look at a change of this repository."""

from __future__ import annotations

from pathlib import Path

from generator.cli import run

ROOT = Path(__file__).parent.parent.parent


def test_the_owners_of_this_repository_are_current() -> None:
    assert run(["codeowners", "--check", "--root", str(ROOT)]) == 0
    assert (ROOT / ".github" / "CODEOWNERS").exists()
