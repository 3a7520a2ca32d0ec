"""Recurrence rules: which days they give, and which texts are none."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from generator.schedule.rules import (
    canonical_rule,
    hangs_on_its_start,
    next_rule_occurrence,
    rule_occurrences,
    rule_problem,
)

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
SINCE, UNTIL = datetime.fromisoformat("2025-06-03"), datetime.fromisoformat("2028-01-01")


@st.composite
def rules(draw: st.DrawFn) -> str:
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={frequency}"]
    if draw(st.booleans()):
        parts.append(f"INTERVAL={draw(st.integers(1, 5))}")
    months = draw(st.lists(st.integers(1, 12), unique=True, max_size=3))
    if months:
        parts.append(f"BYMONTH={','.join(map(str, months))}")
    is_counted = frequency == "MONTHLY" or (frequency == "YEARLY" and bool(months))
    count = draw(st.sampled_from(["", "1", "2", "-1"])) if is_counted else ""
    days = draw(st.lists(st.sampled_from(DAYS), unique=True, max_size=3))
    if days:
        parts.append(f"BYDAY={','.join(count + day for day in days)}")
    month_days = draw(st.lists(st.sampled_from([1, 15, 29, 31, -1, -3]), unique=True, max_size=2))
    if month_days and frequency != "WEEKLY":
        parts.append(f"BYMONTHDAY={','.join(map(str, month_days))}")
    if (days or month_days) and draw(st.booleans()):
        parts.append(f"BYSETPOS={draw(st.sampled_from(['1', '-1', '2']))}")
    return ";".join(parts)


@settings(derandomize=True, max_examples=80, deadline=None)
@given(rules(), st.integers(0, 360), st.integers(0, 1439))
def test_a_rule_gives_the_days_that_dateutil_gives(rule: str, day: int, minute: int) -> None:
    assume(rule_problem(rule) is None)  # dateutil looks for what never occurs until the year 9999
    start = datetime.fromisoformat("2024-01-01") + timedelta(days=day, minutes=minute)
    expected = rrulestr(rule, dtstart=start).between(SINCE, UNTIL, inc=True)
    assert list(rule_occurrences(rule, start, since=SINCE, until=UNTIL)) == expected


PROBLEMS = {
    "no parts": ("daily", "not of the form"),
    "a part twice": ("FREQ=DAILY;FREQ=DAILY", "not of the form"),
    "far too long": ("FREQ=DAILY;BYDAY=" + ",".join(["MO"] * 100), "not of the form"),
    "hours": ("FREQ=HOURLY", "`FREQ` of the rule is `HOURLY`"),
    "an end": ("FREQ=DAILY;COUNT=3", "has the part `COUNT`"),
    "no frequency": ("BYDAY=MO", "has no `FREQ`"),
    "no interval": ("FREQ=DAILY;INTERVAL=0", "`INTERVAL` of the rule is `0`"),
    "an unknown day": ("FREQ=WEEKLY;BYDAY=XX", "`BYDAY` of the rule is `XX`"),
    "a counted day of a week": ("FREQ=WEEKLY;BYDAY=2MO", "not of a month"),
    "counted days and others": ("FREQ=MONTHLY;BYDAY=2MO,TU", "mixes counted days"),
    "February 30": ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never occurs"),
    "a place that no week has": ("FREQ=WEEKLY;BYDAY=MO;BYSETPOS=5", "never occurs"),
}


@pytest.mark.parametrize(("rule", "words"), PROBLEMS.values(), ids=PROBLEMS)
def test_what_is_no_rule_is_told(rule: str, words: str) -> None:
    problem = rule_problem(rule)
    assert problem is not None
    assert words in problem.message


def test_february_29_is_found_again_after_years() -> None:
    found = next_rule_occurrence(
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
        datetime.fromisoformat("2024-02-29"),
        after=datetime.fromisoformat("2096-03-01"),
    )
    assert found == datetime.fromisoformat("2104-02-29")


@pytest.mark.parametrize(
    ("rule", "hangs"),
    [
        ("FREQ=DAILY", False),
        ("FREQ=WEEKLY;BYDAY=SU", False),
        ("FREQ=MONTHLY;BYDAY=2TU", False),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU", True),
        ("FREQ=WEEKLY", True),
        ("FREQ=MONTHLY", True),
        ("FREQ=YEARLY;BYMONTH=3", True),
    ],
)
def test_a_rule_hangs_on_its_start_where_that_says_on_which_days_it_occurs(rule: str, *, hangs: bool) -> None:
    assert hangs_on_its_start(rule) is hangs


def test_rules_of_one_meaning_have_one_text() -> None:
    assert canonical_rule(" RRULE:byday=mo;INTERVAL=1;FREQ=weekly ") == canonical_rule("FREQ=WEEKLY;BYDAY=MO")
    assert canonical_rule("FREQ=WEEKLY;BYDAY=MO") != canonical_rule("FREQ=WEEKLY;BYDAY=TU")
    assert canonical_rule("anything") == "anything"
