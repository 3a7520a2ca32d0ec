"""Datadog validates what would change, and no more than that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from generator.render.model import Resource
from tests.online.questions import KEY, Asking

Monitor = Callable[..., Resource]
OTHER_THRESHOLD: dict[str, Any] = {"options": {"thresholds": {"critical": 6}}}
WORDS = "Alert threshold (6.0) does not match that used in the query (5.0)."


def test_refusal_is_told_in_datadogs_words(asking: Asking, monitor: Monitor) -> None:
    asked = asking.about(monitor("good"), monitor("wrong", **OTHER_THRESHOLD))
    assert asked.answers.refusals == {"main/api/wrong/production": (WORDS,)}
    assert (asked.validation.accepted, asked.answers.unasked) == (1, {})


def test_monitor_that_stays_as_it_is_is_not_asked_about(asking: Asking, monitor: Monitor) -> None:
    for each in asking.plan(monitor("a")).changes:
        assert asking.server("POST", "/api/v1/monitor", each.after).status == 200
    asking.about(monitor("a"), monitor("b"))
    assert asking.requests("validate") == ["POST /api/v1/monitor/validate"]


def test_change_of_a_live_monitor_is_validated_as_such(asking: Asking, monitor: Monitor) -> None:
    (create,) = asking.plan(monitor("a")).changes
    live_id = asking.server("POST", "/api/v1/monitor", create.after).body["id"]
    asked = asking.about(monitor("a", message="other"))
    assert asking.requests("validate") == [f"POST /api/v1/monitor/{live_id}/validate"]
    assert asked.validation.accepted == 1


def test_accepted_payload_is_not_sent_again_for_a_day(asking: Asking, monitor: Monitor) -> None:
    asking.about(monitor("a"))
    asked = asking.about(monitor("a"), monitor("b"))
    assert (asked.validation.known, asked.validation.accepted) == (1, 1)
    assert len(asking.requests("validate")) == 1
    asking.now += timedelta(hours=24)
    assert asking.about(monitor("a")).validation.accepted == 1


def test_what_one_datadog_accepted_another_is_asked(asking: Asking, monitor: Monitor) -> None:
    asking.about(monitor("a"))
    asking.target = "elsewhere"
    assert asking.about(monitor("a")).validation.accepted == 1


def test_refusal_is_asked_again(asking: Asking, monitor: Monitor) -> None:
    asking.about(monitor("a", **OTHER_THRESHOLD))
    assert len(asking.about(monitor("a", **OTHER_THRESHOLD)).answers.refusals) == 1


def test_cache_that_is_no_json_is_as_good_as_absent(asking: Asking, monitor: Monitor) -> None:
    asking.about(monitor("a"))
    for text in ("", "{", "[1]", '{"a": "b"}', "[" * 100_000):
        next(asking.folder.glob("accepted-*")).write_text(text)
        assert asking.about(monitor("a")).validation.accepted == 1


def test_composite_of_what_is_not_there_yet_is_left_out_and_named(asking: Asking, monitor: Monitor) -> None:
    parts = monitor("a"), monitor("b")
    query = "%{main/api/a/production} && %{main/api/b/production}"
    both = monitor("both", query, type="composite", options={})
    asked = asking.about(*parts, both)
    assert asked.validation.referring == ("main/api/both/production",)
    assert (asked.validation.accepted, asked.answers.refusals) == (2, {})
    for each in asking.plan(*parts).changes:
        asking.server("POST", "/api/v1/monitor", each.after)
    asked = asking.about(*parts, both)
    assert (asked.validation.referring, asked.validation.accepted) == ((), 1)


def test_no_more_are_asked_about_than_wanted(asking: Asking, monitor: Monitor) -> None:
    several = [monitor(f"m{number}") for number in range(7)]
    asked = asking.about(*several, at_most=3)
    assert (asked.validation.accepted, asked.validation.left_out) == (3, 4)
    assert len(asking.requests("validate")) == 3
    asked = asking.about(*several, at_most=3)
    assert (asked.validation.known, asked.validation.accepted, asked.validation.left_out) == (3, 3, 1)


def test_datadog_that_does_not_answer_refuses_nothing(asking: Asking, monitor: Monitor) -> None:
    asking.goes_wrong(when={"path": "/api/v1/monitor/validate"}, do={"status": 503})
    several = [monitor(f"m{number}", **OTHER_THRESHOLD) for number in range(50)]
    asked = asking.about(*several)
    assert asked.answers.refusals == {}
    assert asked.answers.unasked.keys() == {each.tracking_id for each in several}
    assert len(set(asked.answers.unasked.values())) == 1
    assert "status 503" in asked.answers.unasked[several[0].tracking_id]
    assert len(asking.requests("validate")) < 60


def test_cut_connection_and_foreign_page_refuse_nothing(asking: Asking, monitor: Monitor) -> None:
    for do in ({"reset": "before_write"}, {"status": 502, "content_type": "text/html"}, {"half": True}):
        asking.goes_wrong(when={"path": "/api/v1/monitor/validate"}, do=do)
        asked = asking.about(monitor("a", **OTHER_THRESHOLD))
        assert (asked.answers.refusals, len(asked.answers.unasked)) == ({}, 1), do


def test_equal_monitor_is_no_refusal(asking: Asking, monitor: Monitor) -> None:
    body = {"errors": ["Duplicate of an existing monitor_id:5 org_id:1"]}
    asking.goes_wrong(when={"path": "/api/v1/monitor/validate"}, do={"status": 400, "body": body})
    assert asking.about(monitor("a")).answers.refusals == {}


def test_monitor_that_was_deleted_meanwhile_is_not_refused(asking: Asking, monitor: Monitor) -> None:
    (create,) = asking.plan(monitor("a")).changes
    asking.server("POST", "/api/v1/monitor", create.after)
    asking.goes_wrong(when={"path": "/api/v1/monitor/*/validate"}, do={"status": 404})
    asked = asking.about(monitor("a", message="other"))
    assert (asked.answers.refusals, len(asked.answers.unasked)) == ({}, 1)


def test_rate_limit_is_waited_for(asking: Asking, monitor: Monitor) -> None:
    asking.goes_wrong(
        when={"path": "/api/v1/monitor/validate", "first": 3}, do={"status": 429, "headers": {"X-RateLimit-Reset": "7"}}
    )
    asked = asking.about(*(monitor(f"m{number}") for number in range(4)))
    assert (asked.validation.accepted, asked.answers.unasked) == (4, {})
    assert asking.clock.skipped >= 7


def test_keys_that_may_not_validate_may_still_look_for_points(asking: Asking, monitor: Monitor) -> None:
    asking.goes_wrong(when={"path": "/api/v1/monitor/validate"}, do={"status": 403, "body": {"errors": [KEY]}})
    several = [monitor(f"m{number}") for number in range(30)]
    asked = asking.about(*several, probe=True)
    assert len(asking.requests("validate")) < 20
    assert len(asked.answers.unasked) == len(asked.answers.silent) == 30
    assert "lack the scope" in asked.answers.unasked[several[0].tracking_id]
    assert KEY not in str(asked)
