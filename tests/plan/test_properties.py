"""What holds for every plan: nothing to do after a sync, and the same plan whenever it is asked for."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.plan.model import Plan
from generator.plan.options import PlanOptions
from generator.plan.planfile import decoded, encoded
from generator.plan.planner import plan
from generator.plan.state import is_done, is_untouched
from generator.render.model import Resource
from generator.resources.types import Payload, resource_types
from tests.corpus import corpus_lines
from tests.plan.plans import listed, monitor, planned, tracking_id
from tests.plan.server_view import stored_dashboard, stored_monitor

OPTIONS = PlanOptions(workspace="main")
property_test = settings(derandomize=True, max_examples=150, deadline=None)


def as_stored(resources: list[Resource]) -> dict[str, list[Payload]]:
    """The resources after a sync, as Datadog lists them."""
    payloads = []
    for number, resource in enumerate(resources, start=1):
        kind = resource_types()[resource.resource]
        sent = kind.tracked(resource.payload, resource.tracking_id)
        payloads.append(stored_dashboard(sent, number) if kind.name == "dashboard" else stored_monitor(sent, number))
    return listed(*payloads)


def is_empty(made: Plan) -> bool:
    return made.changes == () and made.obstacles == ()


numbers = st.one_of(st.integers(-(10**6), 10**6), st.floats(-1e6, 1e6))
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
padded = st.builds(lambda text, end: text + end, texts, st.sampled_from(["", "\n", "  ", "\n\n"]))
maybe_zero = st.none() | st.integers(0, 90)
FIELDS: dict[str, Any] = {
    "name": texts.filter(str.strip),
    "message": st.none() | padded,
    "query": st.builds("avg(last_5m):avg:{0}{{*}} > 1{1}".format, st.sampled_from("abc"), st.sampled_from(["", "\n"])),
    "type": st.sampled_from(["query alert", "metric alert", "log alert", "rum alert", "event-v2 alert"]),
    "tags": st.none() | st.lists(st.sampled_from(["team:web", "a:b", "c"]), unique=True),
    "priority": st.none() | st.integers(0, 5),
    "draft_status": st.sampled_from(["draft", "published"]),
    "restricted_roles": st.none() | st.just([]) | st.just(["r2", "r1"]),
}
THRESHOLDS = st.fixed_dictionaries({}, optional={key: st.none() | numbers for key in ("critical", "warning", "ok")})
SETTINGS: dict[str, Any] = {
    "thresholds": st.none() | THRESHOLDS,
    "notify_no_data": st.booleans(),
    "on_missing_data": st.sampled_from(["default", "resolve", "show_no_data"]),
    "new_host_delay": st.none() | st.integers(0, 900),
    "new_group_delay": maybe_zero,
    "evaluation_delay": maybe_zero,
    "renotify_interval": maybe_zero,
    "renotify_statuses": st.none() | st.lists(st.sampled_from(["alert", "warn", "no data"]), unique=True),
    "timeout_h": maybe_zero,
    "no_data_timeframe": maybe_zero,
    "escalation_message": st.none() | padded,
    "include_tags": st.booleans(),
    "notify_audit": st.booleans(),
    "require_full_window": st.booleans(),
    "groupby_simple_monitor": st.booleans(),
    "threshold_windows": st.none() | st.fixed_dictionaries({"recovery_window": st.none() | st.just("last_5m")}),
    "notify_by": st.none() | st.lists(st.sampled_from(["host", "env"]), unique=True),
    "made_up_next_year": st.integers() | st.booleans(),
}
options = st.fixed_dictionaries({}, optional=SETTINGS)
payloads = st.fixed_dictionaries({}, optional={**FIELDS, "options": st.none() | options})


@property_test
@given(payloads)
def test_a_plan_right_after_a_sync_is_empty(fields: dict[str, Any]) -> None:
    desired = [monitor("a", **fields)] if "name" not in fields else [_renamed(fields)]
    assert is_empty(plan(desired, as_stored(desired), OPTIONS))


def _renamed(fields: dict[str, Any]) -> Resource:
    made = monitor("a")
    return msgspec.structs.replace(made, payload={**made.payload, **fields})


@property_test
@given(payloads, payloads)
def test_what_a_plan_writes_makes_the_next_plan_empty(before: dict[str, Any], after: dict[str, Any]) -> None:
    old, new = _renamed({"type": "query alert", **before}), _renamed({"type": "query alert", **after})
    (live,) = as_stored([old])["monitor"]
    made = plan([new], listed(live), OPTIONS)
    kind = resource_types()["monitor"]
    for change in made.changes:
        assert change.after is not None
        assert is_untouched(kind, change, live)
        assert not is_done(kind, change, live, {})
        body = kind.writable(change.after, live)
        written = stored_monitor({**live, **body}, 1)
        assert is_done(kind, change, written, {})
        assert is_empty(plan([new], listed(written), OPTIONS))
        assert change.fields


@property_test
@given(st.lists(payloads, max_size=4), st.lists(payloads, max_size=4), st.randoms(use_true_random=False))
def test_a_plan_is_the_same_whenever_and_in_whatever_order_it_is_asked_for(
    desired: list[dict[str, Any]], live: list[dict[str, Any]], shuffle: Any
) -> None:
    wanted = [
        msgspec.structs.replace(_renamed(each), tracking_id=tracking_id(f"m{n}")) for n, each in enumerate(desired)
    ]
    there = [
        msgspec.structs.replace(_renamed(each), tracking_id=tracking_id(f"m{2 * n}")) for n, each in enumerate(live)
    ]
    listing = as_stored(there)["monitor"]
    made = planned(wanted, *listing, prune=True)
    shuffle.shuffle(wanted)
    shuffle.shuffle(listing)
    again = planned(wanted, *listing, prune=True)
    assert again.changes == made.changes
    assert (again.digest, again.desired_digest, again.unchanged) == (made.digest, made.desired_digest, made.unchanged)
    assert decoded(encoded(made)) == made


def test_a_plan_right_after_a_sync_of_every_recorded_monitor_is_empty() -> None:
    desired = [
        _recorded("monitor", number, line["json"])
        for number, line in enumerate(corpus_lines("monitors.jsonl"))
        if line["json"].get("name") and isinstance(line["json"].get("options"), dict | None)
    ]
    assert len(desired) > 400
    assert is_empty(plan(desired, as_stored(desired), OPTIONS))


def test_a_plan_right_after_a_sync_of_every_recorded_dashboard_is_empty() -> None:
    sent = [line["request"] for line in corpus_lines("roundtrips_dashboards.jsonl") if line["method"] == "POST"]
    desired = [_recorded("dashboard", number, body) for number, body in enumerate(sent) if body and body.get("title")]
    assert len(desired) > 500
    made = plan(desired, as_stored(desired), OPTIONS)
    assert [change.fields for change in made.changes] == []
    assert is_empty(made)


def _recorded(kind: str, number: int, payload: dict[str, Any]) -> Resource:
    own = {key: value for key, value in payload.items() if key not in {"id", "tabs"}}
    return Resource(tracking_id(f"r{number}"), kind, own, "recorded.yaml", number)
