"""Finds again what was written before: by its hidden first line, and by who wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple


class Marked(NamedTuple):
    """A comment or issue, and its hidden first line."""

    mark: str
    row: Mapping[str, Any]


def first_marked(rows: Iterable[Mapping[str, Any]], mark: str) -> Mapping[str, Any] | None:
    """The first comment or issue that a bot began with `mark`."""
    return next((each.row for each in marked(rows, re.compile(re.escape(mark)))), None)


def marked(rows: Iterable[Mapping[str, Any]], pattern: re.Pattern[str]) -> Iterator[Marked]:
    """Those that a bot began with such a mark: a person may have copied the text."""
    for row in rows:
        if _is_of_bot(row) and pattern.fullmatch(mark := first_line(str(row.get("body") or ""))):
            yield Marked(mark, row)


def first_line(text: str) -> str:
    return text.partition("\n")[0].strip()


def _is_of_bot(row: Mapping[str, Any]) -> bool:
    user = row.get("user")
    return isinstance(user, dict) and user.get("type") == "Bot"
