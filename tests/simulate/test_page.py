"""The page on simulation names each function, and why one is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.query.functions import FUNCTIONS, Group
from generator.simulate.functions import REFUSED

PAGE = (Path(__file__).parents[2] / "docs/simulation.md").read_text(encoding="utf-8")
COMPUTED = PAGE.partition("## Functions")[2].partition("## What is refused")[0]


def test_the_page_names_each_function_that_is_computed() -> None:
    named = set(re.findall(r"`(\w+)`", COMPUTED)) | {n for n, each in FUNCTIONS.items() if each.group is Group.RANK}
    assert set(FUNCTIONS) - set(REFUSED) <= named
    assert not named & set(REFUSED)


@pytest.mark.parametrize("name", REFUSED)
def test_the_page_says_why_a_function_is_refused(name: str) -> None:
    assert re.search(rf"\| [^|\n]*`{name}`[^|\n]* \| {re.escape(REFUSED[name])} \|", PAGE)
