"""The kinds against the monitors that real organisations run."""

from __future__ import annotations

import json
from datetime import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from generator.explain.monitor import Context, KindProblem, Monitor
from generator.kinds import metric, raw
from generator.query.parser import parse_metric_monitor

CORPUS = Path(__file__).parent.parent.parent / "../shared/corpus/monitors.jsonl"
CONTEXT = Context("s", "n", "e", "env:e", "UTC", None, None, {}, (0, 1, 2, 3, 4), (time(9), time(17)), (2026,))
RAW_FIELDS = {field.encode_name for field in msgspec.structs.fields(raw.Parameters)}
METRIC_OPTIONS = {"evaluation_delay": "s", "new_group_delay": "s"}


def monitors_of_the_corpus() -> list[dict[str, Any]]:
    if not CORPUS.exists():
        pytest.skip("the corpus of real monitors, ../shared/corpus, is not here")
    return [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]


def test_raw_takes_every_real_monitor_as_it_is() -> None:
    for line in monitors_of_the_corpus():
        payload = {name: value for name, value in line["json"].items() if name in RAW_FIELDS and value is not None}
        (monitor,) = raw.monitors(msgspec.convert(payload, raw.Parameters), CONTEXT)

        assert isinstance(monitor, Monitor)
        rendered = {
            "type": monitor.type,
            "query": monitor.query,
            "options": monitor.options,
            "message": monitor.message,
        }
        assert rendered | monitor.extra == {"options": {}, "message": ""} | payload


def test_metric_refuses_no_monitor_that_the_server_took() -> None:
    refused = []
    taken = 0
    for line in monitors_of_the_corpus():
        payload, options = line["json"], line["json"].get("options") or {}
        is_metric = payload["type"] in ("metric alert", "query alert") and not payload["query"].startswith("formula(")
        if not is_metric or line["accepted"] is not True:
            continue
        taken += 1
        (found,) = metric.monitors(parameters_of(payload["query"], options), CONTEXT)
        if isinstance(found, KindProblem):
            refused.append((payload["query"], found))
        else:
            assert parse_metric_monitor(found.query) == parse_metric_monitor(payload["query"])

    assert refused == []
    assert taken > 10


def parameters_of(query: str, options: dict[str, Any]) -> metric.Parameters:
    """The options that both languages have, as a person would write them."""
    same = ("require_full_window", "on_missing_data", "notify_by", "timeout_h", "notification_preset_name")
    given = {name: value for name, value in options.items() if name in same and value is not None}
    delays = {name: f"{options[name]}{unit}" for name, unit in METRIC_OPTIONS.items() if options.get(name) is not None}
    thresholds = {name: value for name, value in (options.get("thresholds") or {}).items() if value is not None}
    scheduling = options.get("scheduling_options") or {}
    window = {"evaluation_window": scheduling["evaluation_window"]} if scheduling.get("evaluation_window") else {}
    schedule = (scheduling.get("custom_schedule") or {}).get("recurrences")
    custom = {"custom_schedule": schedule[0]} if schedule else {}
    written = {"query": query, "thresholds": thresholds, **given, **delays, **window, **custom}
    return msgspec.convert(written, metric.Parameters)
