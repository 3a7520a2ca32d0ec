"""What `toban doctor` finds: one line each, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

import msgspec

from generator.cli._exits import Stop
from generator.source.wording import one_line


class Status(Enum):
    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


class Check(msgspec.Struct, frozen=True):
    """`hint` says how to mend it; empty where all is well."""

    name: str
    status: Status
    text: str
    hint: str = ""


def ok(name: str, text: str) -> Check:
    return Check(name, Status.OK, one_line(text))


def warning(name: str, text: str, hint: str) -> Check:
    return Check(name, Status.WARNING, one_line(text), one_line(hint))


def problem(name: str, text: str, hint: str) -> Check:
    return Check(name, Status.PROBLEM, one_line(text), one_line(hint))


def of_stop(name: str, stop: Stop) -> Check:
    """What would have stopped another command."""
    text, _, hint = str(stop).partition("\n")
    return problem(name, text, hint.strip() or "see the message")


def checks_text(checks: Iterable[Check]) -> str:
    found = tuple(checks)
    width = max(len(each.name) for each in found)
    lines = []
    for each in found:
        lines.append(f"{each.status.value:<7}  {each.name:<{width}}  {each.text}")
        if each.hint:
            lines.append(f"{'':<7}  {'':<{width}}  → {each.hint}")
    return "\n".join(lines)


def checks_json(checks: Iterable[Check]) -> str:
    return msgspec.json.encode({"version": 1, "checks": list(checks)}).decode()
