"""A review in every format that a pull request's job uploads."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec

from generator.cli._console import show, tell
from generator.cli._exits import OK, PROBLEM
from generator.cli._files import write_file

FILES = {
    "comment.md": "markdown",
    "comment.json": "comment",
    "review.json": "json",
    "review.sarif": "sarif",
    "review.junit.xml": "junit",
}
_POINTS = (".csv", ".parquet", ".json")


def written(base: str, out: Path, **values: Any) -> int:
    from generator.cli import _review_output, _reviewing
    from generator.github.upload import ABOUT, about

    root: Path = values["root"]
    history = _history(values.pop("history"))
    review = _reviewing.review(_reviewing.Request(base=base, ref=None, history=history, **values))
    for name, output in FILES.items():
        write_file(out / name, _review_output.reported(review, output, base=base, root=root))
    number = _pull_request()
    if number is not None:
        write_file(out / ABOUT, about(number))
    _review_output.show_review(review, "github", limit=1, base=base, root=root)
    tell(f"wrote {', '.join(FILES)} to {out}")
    if review.is_blocked:
        show("The sync would stop: see the annotations.")
        return PROBLEM
    return OK


def _history(folder: Path | None) -> tuple[Path, ...]:
    """The files of points below it; none where it is missing, so that one workflow fits every repository."""
    if folder is None or not folder.is_dir():
        return ()
    found = sorted(each for each in folder.rglob("*") if each.suffix in _POINTS and each.is_file())
    tell(f"back-tested over {len(found)} {'file' if len(found) == 1 else 'files'} below `{folder}`")
    return tuple(found)


def _pull_request() -> int | None:
    """Its number, as the event of GitHub's run tells it; None elsewhere."""
    path = os.environ.get("GITHUB_EVENT_PATH")
    if not path:
        return None
    try:
        number = msgspec.json.decode(Path(path).read_bytes())["number"]
    except (OSError, msgspec.DecodeError, KeyError, TypeError):
        return None
    return number if isinstance(number, int) else None
