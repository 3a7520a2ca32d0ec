"""`docs/messages.md` says what the reader and the renderer do."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from generator.message.event import AlertEvent, State
from generator.message.parser import parse_message
from generator.message.renderer import render
from generator.message.vocabulary import CONDITIONS, EVENT_ROOTS, FUNCTIONS, SLO_VARIABLES, VARIABLES

PAGE = (Path(__file__).parent.parent.parent / "docs" / "messages.md").read_text(encoding="utf-8")
ARRIVALS = re.findall(r"^\| `(.+?)` \| `(.+?)` \|$", PAGE.rpartition("| arrives |")[2], re.MULTILINE)
EVENT = AlertEvent(
    state=State.ALERT,
    at=datetime(2021, 5, 31, 15, 0, tzinfo=UTC),
    last_triggered_at=datetime(2021, 5, 31, 14, 43, 27, tzinfo=UTC),
    group={"host": "web-1"},
    value=93.512,
    comparator=">",
    threshold=90.0,
)


def test_the_page_has_examples() -> None:
    assert len(ARRIVALS) == 7


@pytest.mark.parametrize(("written", "arrives"), ARRIVALS)
def test_an_example_of_the_page_arrives_as_it_says(written: str, arrives: str) -> None:
    assert render(parse_message(written), EVENT, ZoneInfo).text == arrives


def test_the_page_names_every_word_of_the_language() -> None:
    words = {*CONDITIONS, *FUNCTIONS, *VARIABLES, *SLO_VARIABLES, *EVENT_ROOTS}
    missing = {word for word in words if not re.search(rf"\b{word}\b", PAGE)}
    assert missing == {"first_triggered_at_epoch", "last_triggered_at_epoch"}


def test_every_example_in_the_tables_of_the_page_is_well_formed() -> None:
    rows = re.findall(r"^\| (.+?) \|", PAGE, re.MULTILINE)
    examples = [text for row in rows for text in re.findall(r"`(\{\{.+?\}\}+)`", row)]
    assert len(examples) > 30
    assert {text: problems for text in examples if (problems := parse_message(text).problems)} == {}
