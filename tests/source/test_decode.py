"""Decoding gives the typed value, or all that is wrong with it, each at its place and in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.source.decode import Problem, decode, nearest
from generator.source.documents import load
from generator.source.files import Organization, Service
from tests.source import samples
from tests.source.samples import Open, Texts, Window

WRONG_VALUES = (Path(__file__).parent / "wrong_values.txt").read_text(encoding="utf-8").split("\n\n")
"""Each block: the name of a Struct and a YAML value, then the problems as `place: message [rule] hint`."""


def _listed(problem: Problem) -> str:
    place = ".".join(map(str, problem.place))
    return f"{place}: {problem.message} [{problem.rule}] {problem.hint}".rstrip()


def _root(text: str) -> Any:
    document = load("x.yaml", text.encode())
    assert document.findings == ()
    return document.root


@pytest.mark.parametrize("block", WRONG_VALUES, ids=lambda block: block.splitlines()[0])
def test_all_that_is_wrong_is_told(block: str) -> None:
    head, *problems = block.strip().splitlines()
    name, _, text = head.partition(" ")
    result = decode(_root(text), getattr(samples, name))
    assert isinstance(result, tuple)
    assert sorted(map(_listed, result)) == sorted(map(str.strip, problems))


def test_right_value_is_decoded() -> None:
    window = decode({"from": "09:30"}, Window)
    assert isinstance(window, Window)
    assert window.from_ == "09:30"
    assert decode({"extra": 1, "needed": 2}, Open) == Open(needed=2)


def test_many_problems_are_cut_off_with_a_last_word() -> None:
    result = decode({"name": "a", **{f"field{number}": 1 for number in range(100_000)}}, Texts)
    assert isinstance(result, tuple)
    assert len(result) == 101
    assert (result[-1].place, result[-1].rule) == ((), "too-many-problems")


@pytest.mark.parametrize(
    "value",
    [
        {"monitors": {"a": ["x" * 1_000_000]}, "service": "y" * 1_000_000, "k" * 1_000_000: 1},
        {"service": "a", "monitors": {f"Name {number}": None for number in range(50_000)}},
        {"service": "a", "use": [None] * 100_000},
    ],
    ids=["long texts", "many names", "long list"],
)
def test_large_wrong_values_are_told_in_few_words(value: dict[str, Any]) -> None:
    result = decode(value, Service)
    assert isinstance(result, tuple)
    assert len(result) <= 101
    assert max(len(problem.message + problem.hint) for problem in result) < 400


def test_problems_come_in_the_same_order_each_time() -> None:
    value = {"workspace": "a", "environments": {name: {"scope": 1} for name in ("x", "c", "b", "y", "a")}}
    result = decode(value, Organization)
    assert isinstance(result, tuple)
    assert [problem.place[1] for problem in result] == ["x", "c", "b", "y", "a"]


CLOSE = [
    ("treshold", ["thresholds", "message", "query"], "thresholds"),
    ("Qeury", ["thresholds", "message", "query"], "query"),
    ("notfy", ["notify", "notify_at"], "notify"),
    ("colour", ["kind", "query"], None),
    ("", ["kind"], None),
    ("x" * 1_000_000, ["x" * 1_000_000], None),
    ("kind", [], None),
]


@pytest.mark.parametrize(("word", "choices", "meant"), CLOSE, ids=[word[:10] for word, _, _ in CLOSE])
def test_nearest_word_is_what_was_likely_meant(word: str, choices: list[str], meant: str | None) -> None:
    assert nearest(word, choices) == meant
