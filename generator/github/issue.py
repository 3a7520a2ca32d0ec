"""One issue about one thing: opened when there is something to say, updated in place, closed when it is over."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator.github.client import Repository
from generator.github.marked import first_marked

LABEL = "toban"
LONGEST = 65_536
"""UTF-16 units that GitHub takes in an issue."""

_MARK = re.compile(r"<!-- toban [a-z]+ [^\s<>]{1,200} -->")


class NoReport(Exception):  # noqa: N818  it says what is known
    """The text is not one that toban writes for an issue."""


@dataclass(frozen=True, slots=True)
class Report:
    """`text` begins with a hidden mark such as `<!-- toban drift main -->`, which tells issues apart."""

    title: str
    text: str

    def __post_init__(self) -> None:
        if not _MARK.fullmatch(self.mark):
            raise NoReport("its first line is no mark of toban's, such as `<!-- toban drift main -->`")

    @property
    def mark(self) -> str:
        return self.text.partition("\n")[0].strip()

    @property
    def body(self) -> str:
        cut = self.text.encode("utf-16-le")[: 2 * (LONGEST - 1)].decode("utf-16-le", "ignore")
        return self.text if len(cut) >= len(self.text) else cut + "…"


def report_issue(repository: Repository, report: Report) -> str:
    """Open or update the issue; what was done, for people."""
    found = _found(repository, report)
    content = {"title": report.title, "body": report.body}
    if found is None:
        made = repository.write("POST", "/issues", {**content, "labels": [LABEL]})
        return f"opened {made.get('html_url') or ''}"
    if found.get("body") == report.body and found.get("title") == report.title:
        return f"left as it is {found.get('html_url') or ''}"
    repository.write("PATCH", f"/issues/{int(found['number'])}", content)
    return f"updated {found.get('html_url') or ''}"


def settle_issue(repository: Repository, report: Report) -> str:
    """Close the issue, if one is open."""
    found = _found(repository, report)
    if found is None:
        return "no issue is open, and none is needed"
    number = int(found["number"])
    content = {"state": "closed", "state_reason": "completed", "body": report.body}
    repository.write("PATCH", f"/issues/{number}", content)
    return f"closed {found.get('html_url') or ''}"


def _found(repository: Repository, report: Report) -> Mapping[str, Any] | None:
    """By list and not by search, whose index lags; GitHub lists pull requests as issues too."""
    rows = repository.rows("/issues", state="open", labels=LABEL)
    return first_marked((each for each in rows if "pull_request" not in each), report.mark)
