"""docs/rules is what the docstrings and the cases of the rules say; `make pages` writes it."""

from __future__ import annotations

import pytest

from tests.lint.pages import PAGES, pages

WRITTEN = pages()


@pytest.mark.parametrize("name", WRITTEN)
def test_page_is_what_the_rule_says(name: str) -> None:
    path = PAGES / name
    assert path.exists(), "run `make pages`"
    assert path.read_text(encoding="utf-8") == WRITTEN[name], "run `make pages`"


def test_every_page_belongs_to_a_rule() -> None:
    assert {path.name for path in PAGES.iterdir()} == set(WRITTEN)
