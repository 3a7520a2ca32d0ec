"""Tests of monitors as JSON.

`{"version": 1, "summary": {"passed", "failed"}, "tests": […], "findings": […], "coverage": {…} | null}`. A test is
`{"name", "path", "line", "monitor", "timezone", "outcome": "passed" | "failed" | "not simulated", "reason",
"differences": [{"path", "line", "what": "state" | "changes" | "told" | "message" | "message_has", "expected",
"found"}], "depends_on": [{"setting", "chosen", "instead"}], "groups": [{"group": {KEY: VALUE}, "state", "transitions":
[{"at", "before", "after", "value"}]}], "notifications": [{"at", "group", "before", "after", "value", "reminder",
"muted", "told": […], "title", "text", "unknown": […]}]}`. Times are RFC 3339 in the test's time zone; states are `ok`,
`warning`, `alert`, `no_data`; `state` is the last one; a value is null where there was none; `unknown` are variables of
the message without a value; `depends_on`, with `--sensitivity`, are settings of the simulator by which the test would
end otherwise. Findings, as those of `toban lint`, are errors that keep tests from being run. Coverage, with
`--coverage`, is `{"share", "tested": […], "untested": […], "unreached": {NAME: [STATE]}}`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import structs

from generator.finding import Finding
from generator.report.findings_json import finding_json
from generator.report.json_text import json_text
from generator.simulate.telling import Sent
from generator.simulate.timeline import GroupTimeline
from generator.testing.comparing import state_name
from generator.testing.coverage import Coverage
from generator.testing.model import PreparedTest
from generator.testing.moments import local
from generator.testing.outcome import Outcome


def outcomes_json(outcomes: Sequence[Outcome], findings: Sequence[Finding], covered: Coverage | None) -> str:
    passed = sum(each.passed for each in outcomes)
    told = {
        "version": 1,
        "summary": {"passed": passed, "failed": len(outcomes) - passed},
        "tests": [_test(each) for each in outcomes],
        "findings": [finding_json(each) for each in findings],
        "coverage": None if covered is None else _coverage(covered),
    }
    return json_text(told) + "\n"


def _test(outcome: Outcome) -> dict[str, Any]:
    test = outcome.test
    return {
        "name": test.name,
        "path": test.path,
        "line": test.line(),
        "monitor": test.resource.tracking_id,
        "timezone": test.zone.key,
        "outcome": "passed" if outcome.passed else "not simulated" if outcome.refusal else "failed",
        "reason": outcome.refusal,
        "differences": [
            {
                "path": test.path,
                "line": test.line(each.place),
                "what": each.what,
                "expected": each.expected,
                "found": each.found,
            }
            for each in outcome.differences
        ],
        "depends_on": [structs.asdict(each) for each in outcome.depends_on],
        "groups": [_group(each, test) for each in outcome.groups],
        "notifications": [_sent(each, test) for each in outcome.sent],
    }


def _group(group: GroupTimeline, test: PreparedTest) -> dict[str, Any]:
    transitions = [
        {
            "at": _time(each.at, test),
            "before": state_name(each.before),
            "after": state_name(each.after),
            "value": each.value,
        }
        for each in group.transitions
    ]
    return {"group": _tags(group.group), "state": state_name(group.last), "transitions": transitions}


def _sent(sent: Sent, test: PreparedTest) -> dict[str, Any]:
    return {
        "at": _time(sent.at, test),
        "group": _tags(sent.group),
        "before": state_name(sent.before),
        "after": state_name(sent.after),
        "value": sent.value,
        "reminder": sent.is_renotify,
        "muted": sent.muted,
        "told": sent.told,
        "title": sent.title,
        "text": sent.text,
        "unknown": sent.unknown,
    }


def _coverage(found: Coverage) -> dict[str, Any]:
    return {
        "share": found.share,
        "tested": found.tested,
        "untested": found.untested,
        "unreached": {name: [state_name(each) for each in states] for name, states in found.unreached},
    }


def _tags(group: Sequence[str]) -> dict[str, str]:
    return {key: value for key, _, value in (tag.partition(":") for tag in group)}


def _time(at: int, test: PreparedTest) -> str:
    return local(at, test.zone).isoformat()
