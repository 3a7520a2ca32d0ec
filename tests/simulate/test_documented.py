"""The page about simulations names every setting, its choices and its default."""

from __future__ import annotations

import re
from pathlib import Path

from generator.simulate.sensitivity import CHOICES
from generator.simulate.settings import DEFAULT, Settings

_PAGE = Path(__file__).parents[2] / "docs" / "simulation.md"
_ROW = re.compile(r"^\| `(\w+)` \| ([\w, ]+) \| .+ \|$", re.MULTILINE)


def test_the_page_names_each_setting_with_its_default_first() -> None:
    rows = {name: choices.split(", ") for name, choices in _ROW.findall(_PAGE.read_text(encoding="utf-8"))}
    assert list(rows) == list(Settings.__struct_fields__)
    for name, choices in rows.items():
        default = getattr(DEFAULT, name)
        assert choices[0] == _word(default)
        assert {*choices} == {_word(each) for each in (default, *CHOICES[name].values)}


def _word(value: object) -> str:
    return "none" if value is None else str(value)
