"""Drift as text, Markdown and JSON: hostile texts show as text, and what does not fit is counted."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from generator.plan.model import Action, Drift, FieldChange, Plan
from generator.report.drift_json import drift_json
from generator.report.drift_markdown import drift_markdown
from generator.report.drift_text import drift_text
from generator.report.drift_words import conflict_words
from generator.report.keeping_lines import whole_lines
from generator.report.plan_markdown import plan_markdown
from generator.report.plan_text import plan_text
from generator.source.documents import load

HOSTILE = "\x1b[31m</details><script>@everyone #1 ```\n::error::x\u202e\ud800" + "x" * 9_999
FENCE = re.compile(r"^(`{3,})\w+\n.*?^\1$", re.MULTILINE | re.DOTALL)
EDIT = (FieldChange(("message",), "before", HOSTILE),)


def drift(number: int = 0, **fields: Any) -> Drift:
    name = f"main/api/m{number}/production"
    told: dict[str, Any] = {"title": HOSTILE, "id": "1", "fields": EDIT, "live": {"name": HOSTILE}, "edited": HOSTILE}
    return Drift("monitor", name, **{**told, "applied_as": name, "path": f"monitors/{HOSTILE}", "line": 3, **fields})


def plan(*found: Drift) -> Plan:
    return Plan("main", (), 0, (), "d" * 64, "e" * 64, drift=found)


CONFLICT = drift(1, action=Action.UPDATE, wanted=(FieldChange(("query",), "a", "b"),))
GONE = drift(2, live=None, fields=(), id=None, edited="")
SNIPPETS = {"main/api/m0/production": ("```", HOSTILE)}


@pytest.mark.parametrize("tell", [lambda made: drift_markdown(made, target="here", snippets=SNIPPETS),
                                  lambda made: plan_markdown(made, target="here")], ids=["drift", "plan"])  # fmt: skip
@pytest.mark.parametrize("count", [1, 300])
def test_markdown_fits_into_one_issue_and_counts_the_rest(tell: Any, count: int) -> None:
    told = tell(plan(*(drift(number) for number in range(count))))
    assert len(told) <= 65_536
    assert ("more that do not fit here" in told) is (count > 1)
    outside = FENCE.sub("", told)
    assert "<script>" not in outside
    assert not {"\x1b", "\u202e", "\ud800"} & set(told)


def test_text_shows_what_both_have_changed_first() -> None:
    told = "\n".join(drift_text((drift(), GONE, CONFLICT), snippets=SNIPPETS))
    order = [re.findall(r"main/\S+", line) for line in told.splitlines() if line.startswith("  ≠ ")]
    assert order == [[each.tracking_id] for each in (CONFLICT, drift(), GONE)]
    assert "3 live differences that git does not explain, 1 of them where git has changed the same resource." in told
    assert not {"\x1b", "\u202e", "\ud800"} & set(told)


def test_a_plan_shows_drift_apart_from_changes() -> None:
    told = plan_text(plan(drift()), target="here")
    assert "\nDrift\n" in told
    assert told.rstrip().endswith("Nothing planned; 0 unchanged.")
    assert "Drift" not in plan_text(plan(), target="here")


def test_what_is_held_says_what_each_has_changed() -> None:
    assert "was edited in `message`" in conflict_words(CONFLICT)
    assert "git has changed it in `query`" in conflict_words(CONFLICT)
    gone = drift(action=Action.DELETE, live=None, wanted=())
    assert "is gone since it was last applied" in conflict_words(gone)


def test_json_holds_each_difference() -> None:
    told = json.loads(drift_json(plan(drift(), GONE, CONFLICT), looks=(), snippets=SNIPPETS, applied=("run", "c0ffee")))
    assert [(each["kind"], each["conflict"]) for each in told["drift"]] == [
        ("edited", False),
        ("deleted", False),
        ("edited", True),
    ]
    assert told["drift"][0]["yaml"] == ["```", HOSTILE]
    assert told["drift"][2]["wanted"][0]["path"] == ["query"]
    assert told["applied"] == {"run": "run", "revision": "c0ffee"}


LIVE = {
    "type": "query alert", "name": "on: {no}", "query": "avg(last_5m):avg:a{x:y} > 1",
    "message": "{{#is_alert}}\n  10:00 # no\n{{/is_alert}}", "priority": None,
    "options": {"thresholds": {"critical": 1e-9}, "silenced": {}, "renotify_statuses": ["no data"]},
    "tags": ["team:web", "toban_id:main/api/m0/production", "managed_by:toban"],
}  # fmt: skip


@pytest.mark.parametrize(
    "message", [LIVE["message"], "a\n b ", " a\nb", "a\x00\nb", "\n", "1e3", "", "a\n\nb", 'x: "\\']
)
def test_a_whole_monitor_reads_as_what_is_live(message: str) -> None:
    lines = whole_lines(drift(live={**LIVE, "message": message}))
    read = load("x.yaml", "\n".join(lines).encode())
    assert not read.findings
    told = read.root["m0"]
    assert told.get("message", "") == message
    assert {name: told[name] for name in ("kind", "type", "name", "query", "tags")} == {
        "kind": "raw", "type": "query alert", "name": "on: {no}", "query": LIVE["query"], "tags": ["team:web"],
    }  # fmt: skip
    assert told["options"]["thresholds"] == {"critical": 1e-9}


def test_of_what_is_gone_there_is_nothing_to_keep() -> None:
    assert whole_lines(GONE) == ()
