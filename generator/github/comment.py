"""One comment on a pull request, from what its own job has uploaded.

The upload is words of a stranger, of which main's code has made the text that is written here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from generator.github.client import Repository
from generator.github.marked import Marked, first_line, marked
from generator.github.upload import Run, Skipped, why_late

_MARK = re.compile(r"<!-- toban plan [^\s<>]{1,200} -->")
_MARK_OF_NOBODY = re.compile(r"<!-- toban plan \([a-z]+\) -->")
"""Of a project whose workspace could not be read."""


@dataclass(frozen=True, slots=True)
class Written:
    address: str


def authorship(run: Run) -> str:
    """The first paragraph of a comment, in Markdown: whose words follow."""
    return f"<sub>Written by the pull request's own job for {run.head[:12]}, whose code may say anything.</sub>\n\n"


def comment_on(repository: Repository, number: int, text: str, run: Run) -> Written | Skipped:
    """Write `text` on that pull request; the hidden mark in its first line tells which comment it replaces."""
    if why := why_late(repository, number, run):
        return Skipped(why)
    path = f"/issues/{number}/comments"
    found = _earlier(marked(repository.rows(path), _MARK), first_line(text))
    content = {"body": text}
    if found is None:
        return Written(_address(repository.write("POST", path, content)))
    return Written(_address(repository.write("PATCH", f"/issues/comments/{int(found['id'])}", content)))


def _earlier(ours: Iterable[Marked], mark: str) -> Mapping[str, Any] | None:
    """The comment of the same workspace; else one of nobody's, or for nobody's the only one, which is out of date."""
    known = list(ours)
    same = [each for each in known if each.mark == mark]
    if _MARK_OF_NOBODY.fullmatch(mark):
        others = known if len(known) == 1 else []
    else:
        others = [each for each in known if _MARK_OF_NOBODY.fullmatch(each.mark)]
    return next((each.row for each in (*same, *others)), None)


def _address(row: Mapping[str, Any]) -> str:
    return str(row.get("html_url") or "")
