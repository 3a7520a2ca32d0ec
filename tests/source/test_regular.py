"""Only files are read where our own state is: all else would be waited for, or is none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from generator.source.regular import regular_bytes


def test_a_file_is_read_also_by_a_link(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"content")
    (tmp_path / "link").symlink_to("file")
    assert (regular_bytes(tmp_path / "link"), regular_bytes(tmp_path / "file", 3)) == (b"content", b"con")


def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    for place in (tmp_path / "pipe", tmp_path / "link", tmp_path, Path("/dev/zero")):
        with pytest.raises(OSError, match="it is no file"):
            regular_bytes(place)
    with pytest.raises(FileNotFoundError):
        regular_bytes(tmp_path / "missing")
