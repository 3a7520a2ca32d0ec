"""Finds again what was written before: by its hidden first line, and by who wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def first_marked(rows: Iterable[Mapping[str, Any]], mark: str) -> Mapping[str, Any] | None:
    """The first comment or issue that a bot began with `mark`: a person may have copied the text."""
    return next((each for each in rows if _is_of_bot(each) and _first_line(each) == mark), None)


def _is_of_bot(row: Mapping[str, Any]) -> bool:
    user = row.get("user")
    return isinstance(user, dict) and user.get("type") == "Bot"


def _first_line(row: Mapping[str, Any]) -> str:
    return str(row.get("body") or "").partition("\n")[0].strip()
