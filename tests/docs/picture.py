"""Draws docs/plan.svg: what a terminal shows of the last plan of docs/read-a-plan.md. Run by `make picture`."""

from __future__ import annotations

import io
import os
import pty
import re
import sys
import tempfile
from pathlib import Path

from console import replayed
from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parent.parent.parent
COLUMNS = 96
FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
"""A picture in a repository asks no server for a font."""


def main() -> None:
    page = (ROOT / "docs" / "read-a-plan.md").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        for _ in replayed(page, Path(folder)):
            pass
        shown = _at_terminal([sys.executable, "-m", "generator", "plan", "--local", "--root", folder])
    console = Console(record=True, width=COLUMNS, file=io.StringIO())
    console.print(Text.from_ansi(f"$ toban plan --local\n{shown}"))
    drawn = FONTS.sub("", console.export_svg(title="toban plan", unique_id="plan"))
    (ROOT / "docs" / "plan.svg").write_text(drawn, encoding="utf-8")


def _at_terminal(command: list[str]) -> str:
    """What the command writes to a terminal of `COLUMNS` columns."""
    os.environ["COLUMNS"] = str(COLUMNS)
    chunks: list[bytes] = []

    def read(descriptor: int) -> bytes:
        chunk = os.read(descriptor, 65_536)
        chunks.append(chunk)
        return b""

    pty.spawn(command, read)
    return b"".join(chunks).decode().replace("\r\n", "\n")


if __name__ == "__main__":
    main()
