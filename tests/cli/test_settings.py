"""`--setting NAME=VALUE`."""

from __future__ import annotations

import pytest

from generator.cli._settings import settings_of
from generator.report.setting_words import choice_text
from generator.simulate.sensitivity import CHOICES
from generator.simulate.settings import DEFAULT, Settings

TRIED = [
    (name, value)
    for name in Settings.__struct_fields__
    for value in (getattr(DEFAULT, name), *(CHOICES[name].values if name in CHOICES else ()))
]


@pytest.mark.parametrize(("name", "value"), TRIED)
def test_each_choice_that_is_tried_can_be_written(name: str, value: object) -> None:
    chosen = settings_of([f"{name}={choice_text(value)}"])
    assert getattr(chosen, name) == value
    assert type(getattr(chosen, name)) is type(value)


def test_each_setting_is_tried() -> None:
    assert set(Settings.__struct_fields__) == set(CHOICES)


def test_several_are_chosen_together() -> None:
    assert settings_of([]) is DEFAULT
    chosen = settings_of([" bucket_seconds = 45 ", "renotify_for_hours=none"])
    assert (chosen.bucket_seconds, chosen.renotify_for_hours) == (45, None)
