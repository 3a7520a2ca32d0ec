"""A backtest in each output: nothing of others acts, nothing grows without bound."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import time
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest

from generator.backtest.curve import Curve
from generator.backtest.hours import BusinessHours
from generator.backtest.model import Backtest, Backtested, Course, Episode, NotRun, Told
from generator.message.event import State
from generator.report.backtest_html import backtest_html
from generator.report.backtest_json import backtest_json
from generator.report.backtest_markdown import backtest_markdown
from generator.report.backtest_text import backtest_text
from generator.report.backtest_words import duration, rows, summary
from generator.simulate.monitor import Thresholds

START = 1_790_780_400
DAY = 86_400
HOURS = BusinessHours(zone=ZoneInfo("Asia/Tokyo"), days=(0, 1, 2, 3, 4), start=time(10), end=time(19))
HOSTILE = "<script>alert(1)</script>\"'&\x1b[31m\u202e@everyone #1\n::error::x"


def made(
    *, alerts: int = 2, columns: int = 600, groups: int = 1, text: str = "host:a", with_points: int = 43_201
) -> Course:
    names = [(f"{text}{number}" if number else text,) for number in range(groups)]
    return Course(
        since=START,
        until=START + 30 * DAY,
        evaluations=43_201,
        with_points=with_points,
        groups=groups,
        episodes=tuple(
            Episode(group=names[0], state=State.ALERT, start=start, end=start + 600, value=9.5)
            for start in range(START, START + 7200 * alerts, 7200)
        ),
        told=(
            Told(
                at=START, group=names[0], before=State.OK, after=State.ALERT, handles=(f"@{text}",), is_renotify=False,
                in_business_hours=False,
            ),
        ),
        curves=tuple(
            Curve(
                group=name, since=START, until=START + 30 * DAY,
                lows=tuple(-123.456 - column % 7 for column in range(columns)),
                highs=tuple(987.654 + column % 11 for column in range(columns)),
            )
            for name in names
        ),
        thresholds=Thresholds(critical=500.0, warning=400.0),
        notes=(text,),
    )  # fmt: skip


def backtest(*monitors: Backtested, base: str | None = None, text: str = "history.csv") -> Backtest:
    return Backtest(
        since=START, until=START + 30 * DAY, source=text, base=base, flapping_seconds=1800, monitors=monitors,
        assumptions=(text,),
    )  # fmt: skip


def monitor(
    proposed: Course | NotRun | None, base: Course | NotRun | None = None, text: str = "w/api/load/production"
) -> Backtested:
    return Backtested(tracking_id=text, title=text, path=text, line=5, hours=HOURS, proposed=proposed, base=base)


HOSTILE_ONE = backtest(
    monitor(made(text=HOSTILE), made(alerts=1, text=HOSTILE), HOSTILE), monitor(NotRun(HOSTILE), None, HOSTILE),
    base=HOSTILE, text=HOSTILE,
)  # fmt: skip


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def parsed(page: str) -> _Page:
    found = _Page()
    found.feed(page)
    return found


def test_a_page_loads_and_runs_nothing_whatever_names_say() -> None:
    page = backtest_html(HOSTILE_ONE)
    found = parsed(page)
    assert not {"script", "link", "img", "iframe", "a", "form", "object", "image", "use"} & found.tags
    assert [pair for pair in found.attributes if pair[0].startswith("on") or pair[0] in ("src", "href", "style")] == []
    assert "\x1b" not in page
    assert "\u202e" not in page


def test_the_policy_of_the_page_allows_its_own_style_only() -> None:
    page = backtest_html(HOSTILE_ONE)
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = dict(parsed(page).attributes)["content"]
    assert "default-src 'none'" in page
    assert f"style-src 'sha256-{digest}'" in page
    assert policy


def test_a_page_of_a_month_of_many_monitors_stays_below_a_megabyte() -> None:
    monitors = [monitor(made(alerts=400, groups=6), made(alerts=300, groups=6)) for _ in range(2)]
    assert len(backtest_html(backtest(*monitors, base="main"))) < 1_000_000


def test_bars_and_values_of_both_versions_are_drawn() -> None:
    page = backtest_html(backtest(monitor(made(alerts=3), made(alerts=1)), base="main"))
    assert page.count('<rect class="alert"') == 4
    assert page.count('<path class="value"') == 1
    assert page.count('class="limit alert"') == 1


def test_a_page_of_nothing_is_a_page() -> None:
    assert "</html>" in backtest_html(backtest())
    assert "</html>" in backtest_html(backtest(monitor(made(alerts=0, columns=0, groups=1))))


def test_markdown_mentions_nobody_and_acts_on_nothing() -> None:
    told = backtest_markdown(HOSTILE_ONE)
    outside = re.sub(r"<code>.*?</code>", "", told, flags=re.DOTALL)
    assert "@" not in outside
    assert "<script" not in told
    assert told.startswith("<!-- toban backtest -->\n")


def test_markdown_fits_into_a_comment() -> None:
    monitors = [monitor(made(alerts=20), text=f"w/api/load-{number}/production") for number in range(200)]
    told = backtest_markdown(backtest(*monitors))
    assert len(told) <= 65_536
    assert "more that do not fit here" in told


def test_text_shows_what_is_hidden_and_keeps_lines_short() -> None:
    told = backtest_text(HOSTILE_ONE, width=100)
    assert "\x1b" not in told
    assert not any(line.startswith("::error") for line in told.splitlines())


def test_more_alerts_than_a_terminal_shows_are_counted() -> None:
    assert "… and 385 more alerts; `--format json` has all" in backtest_text(backtest(monitor(made(alerts=400))))


def test_json_has_all_of_it() -> None:
    told = json.loads(backtest_json(backtest(monitor(made(alerts=400)), monitor(NotRun("why", is_budget=True)))))
    run, not_run = told["monitors"]
    assert (run["base"], run["proposed"]["alerts"], len(run["proposed"]["episodes"])) == (None, 400, 400)
    assert run["proposed"]["episodes"][0] == {
        "state": "Alert", "group": ["host:a"], "value": 9.5, "from": "2026-09-30T15:00:00Z",
        "to": "2026-09-30T15:10:00Z",
    }  # fmt: skip
    assert not_run["proposed"] == {"not_run": "why", "budget": True}


def test_a_version_that_was_not_run_is_told_beside_the_other() -> None:
    told = backtest_text(backtest(monitor(made(), NotRun("`p95` of something")), base="main"))
    assert "note: main was not run: `p95` of something" in told
    assert re.search(r"alerts +not run +2\n", told)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "-"), (59, "59 s"), (60, "1 min"), (3660, "1 h 1 min"), (86_400, "1 d"), (90_060, "1 d 1 h")],
)
def test_durations_are_short(seconds: int, words: str) -> None:
    assert duration(seconds) == words


def alerting(*minutes: int) -> Course:
    """With alerts of so many minutes."""
    episodes = [
        Episode(group=(), state=State.ALERT, start=START + DAY * day, end=START + DAY * day + 60 * length)
        for day, length in enumerate(minutes)
    ]
    return Course(since=START, until=START + DAY, evaluations=1, with_points=1, groups=1, episodes=tuple(episodes))


HEADLINES = [
    ((10, 10), (10, 10), "none would alert more or less often, or longer, than at main"),
    ((10,), (10, 10), "1 would alert more often than at main"),
    ((10, 10), (10,), "1 would alert less often than at main"),
    ((10, 10), (10, 0), "1 would be in alert for less time than at main"),
    ((10, 10), (10, 30), "1 would be in alert longer than at main"),
    ((10, 10), (60,), "1 would alert less often, 1 would be in alert longer than at main"),
    ((60,), (10, 10), "1 would alert more often, 1 would be in alert for less time than at main"),
]


@pytest.mark.parametrize(("base", "proposed", "words"), HEADLINES)
def test_the_headline_tells_number_and_time(base: tuple[int, ...], proposed: tuple[int, ...], words: str) -> None:
    found = backtest(monitor(alerting(*proposed), alerting(*base)), base="main")
    assert summary(found) == f"1 monitor back-tested; {words}"


SHARES = [(43_201, None), (43_200, "99 %"), (1, "under 1 %"), (21_600, "50 %"), (0, "0 %")]


@pytest.mark.parametrize(("with_points", "words"), SHARES)
def test_the_share_of_evaluations_that_saw_a_point_is_told_unless_it_is_all(
    with_points: int, words: str | None
) -> None:
    found = backtest(monitor(made(with_points=with_points)))
    told = {row.name: row.now for row in rows(found.monitors[0], found)}
    assert told.get("evaluations with data") == words
