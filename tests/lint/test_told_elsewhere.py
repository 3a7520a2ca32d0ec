"""Each name that a finding can have is explained: by the page of its rule, or by a few words of its own."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.lint.rule import rules
from generator.lint.told_elsewhere import EXPLAINED

GENERATOR = Path(__file__).parent.parent.parent / "generator"
TELLING = [
    *(path for folder in ("source", "render", "kinds", "testing") for path in (GENERATOR / folder).glob("*.py")),
    GENERATOR / "cli" / "_secrets.py",
    GENERATOR / "explain" / "step_functions.py",
    GENERATOR / "lint" / "suppressing.py",
    GENERATOR / "lint" / "suppression.py",
]
# Texts with a hyphen that are no names of findings: partitions, days, git's commands, a kind's element, a directive.
OTHER = {
    "aws-cn",
    "aws-us-gov",
    "mon-fri",
    "mon-sun",
    "rev-parse",
    "rev-list",
    "cat-file",
    "ls-tree",
    "ignore-file",
    "too-long",
}
RULES = {rule.name for rule in rules()}


def names_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words = node.value.split("-")
            if len(words) > 1 and all(word.isascii() and word.islower() and word.isalpha() for word in words):
                yield node.value


def unknown_names_in(path: Path) -> Iterator[str]:
    """`unknown(…, what="set")` tells of an `unknown-set`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "unknown":
            named = (each.value for each in node.keywords if each.arg == "what")
            yield from (f"unknown-{each.value}" for each in named if isinstance(each, ast.Constant))


@functools.cache
def told() -> set[str]:
    return {name for path in TELLING for find in (names_in, unknown_names_in) for name in find(path)} - OTHER


def test_each_name_that_is_told_is_explained() -> None:
    assert sorted(told() - set(EXPLAINED) - RULES) == []


@pytest.mark.parametrize("name", EXPLAINED)
def test_what_is_explained_is_told(name: str) -> None:
    assert name == "template" or name in told()
    assert name not in RULES
