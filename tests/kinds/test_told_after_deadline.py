"""One batch with a monitor of its failures and one of its deadline: told too late is told to people who write it."""

from __future__ import annotations

import pytest

from generator.lint.runner import lint
from generator.render.locating import Locator
from generator.render.renderer import render

ORGANIZATION = """\
workspace: main
timezone: ZONE
notify: "@slack-a"
business_hours: {days: mon-fri, from: "10:00", to: "19:00"}
metrics_arrive_within: {aws: 20m}
environments:
  production: {scope: "env:production", aws: {account: "111122223333", region: eu-central-1}}
"""
FAILED = "{kind: batch_failure, state_machine: nightly, runs: {from: '04:00', to: '05:30'}, notify_at: '10:00'}"
LATE = "{kind: batch_delay, state_machine: nightly, runs: {from: '04:00'}, deadline: '08:00'}"


AT_FOUR = "a failure at 04:00 is told at 10:00, after the deadline of 08:00"


def late(failed: str, awaited: str, zone: str = "Asia/Tokyo") -> list[str]:
    """What is said about the monitor of failures; each of the two stands in a file of its own."""
    files = {
        "monitors/organization.yaml": ORGANIZATION.replace("ZONE", zone).encode(),
        "monitors/a.yaml": f"service: a\nmonitors:\n  failed: {failed}\n".encode(),
        "monitors/b.yaml": f"service: b\nmonitors:\n  late: {awaited}\n".encode(),
    }
    rendering = render(files)
    assert rendering.findings == ()
    found = [each for each in lint(rendering, Locator(files)) if each.rule == "told-after-deadline"]
    assert all(each.span.path == "monitors/a.yaml" for each in found)
    return [each.message.removesuffix(" that `main/b/late/production` watches") for each in found]


def runs(start: str, end: str, notify_at: str = "10:00") -> str:
    hours = f"{{from: '{start}', to: '{end}'}}"
    return f"{{kind: batch_failure, state_machine: nightly, runs: {hours}, notify_at: '{notify_at}'}}"


def due(start: str, deadline: str, more: str = "") -> str:
    return f"{{kind: batch_delay, state_machine: nightly, runs: {{from: '{start}'}}, deadline: '{deadline}'{more}}}"


def test_a_deadline_in_another_file_is_that_of_the_same_machine() -> None:
    assert late(FAILED, LATE) == [AT_FOUR]


@pytest.mark.parametrize(
    ("failed", "awaited", "expected"),
    [
        (runs("04:00", "05:30"), due("04:00", "11:00"),
         "a failure at 05:30 is told at 11:30, after the deadline of 11:00"),
        (runs("04:00", "05:30"), due("04:00", "11:30"), None),
        (runs("04:00", "05:30"), due("03:00", "08:00"), AT_FOUR),
        (runs("04:00", "05:30"), due("04:00", "08:00", ", reads_until: check"), AT_FOUR),
        (runs("04:00", "05:30", "06:40"), due("04:00", "08:00", ", reads_until: check"),
         "a failure at 05:30 is told at 08:10, after the deadline of 08:00"),
        (runs("04:00", "05:30", "06:30"), due("04:00", "08:00", ", reads_until: check"), None),
    ],
)  # fmt: skip
def test_the_hours_of_the_run_are_those_that_people_wrote(failed: str, awaited: str, expected: str | None) -> None:
    assert late(failed, awaited) == ([expected] if expected else [])


def test_clocks_that_change_make_no_failure_earlier() -> None:
    """The window of the deadline has an hour more there, which is not when the run starts."""
    found = late(runs("02:30", "03:30", "09:30"), due("02:30", "08:00"), zone="Europe/Berlin")

    assert found == ["a failure at 02:30 is told at 09:30, after the deadline of 08:00"]


def test_runs_by_the_clocks_of_utc_have_their_deadline_by_those_of_the_office() -> None:
    in_utc = "{from: '02:00', to: '03:00', timezone: UTC}"
    failed = f"{{kind: batch_failure, state_machine: nightly, runs: {in_utc}, notify_at: '10:00'}}"
    awaited = f"{{kind: batch_delay, state_machine: nightly, runs: {in_utc}, deadline: '11:30'}}"

    # In winter 03:00 UTC is 04:00 and told at 11:00, in summer it is 05:00 and told at 12:00.
    found = late(failed, awaited, zone="Europe/Berlin")
    assert found == ["a failure at 05:00 is told at 12:00, after the deadline of 11:30"]


@pytest.mark.parametrize(
    ("failed", "awaited", "is_one"),
    [
        ("state_machine: 'night*'", "state_machine: nightly", True),
        ("state_machine: nightly", "state_machine: '*ight*ly'", True),
        ("state_machine: 'w*'", "state_machine: nightly", False),
        ("state_machine: nightly, name_tag: machine", "state_machine: nightly", True),
        ("state_machine: nightly, name_tag: machine", "state_machine: nightly, name_tag: other", True),
        ("airflow_dag: Export, name_tag: job", "airflow_dag: export", True),
        ("airflow_dag: export", "composer_dag: export", False),
        ("batch_job_queue: q, event_rule: jobs-lost", "batch_job_queue: q, event_rule: jobs-done", True),
        ("event_rule: export-failed", "event_rule: export-succeeded", True),
        ("event_rule: jobs-lost", "event_rule: jobs-done", False),
        ("metric: jobs.failed, scope: 'job:a'", "metric: jobs.done, scope: 'job:b'", False),
    ],
)
def test_monitors_are_of_one_batch_by_its_name(failed: str, awaited: str, *, is_one: bool) -> None:
    found = late(FAILED.replace("state_machine: nightly", failed), LATE.replace("state_machine: nightly", awaited))

    assert bool(found) is is_one


def test_what_a_schedule_tells_after_a_day_off_is_late_by_intent() -> None:
    scheduled = FAILED.replace("notify_at: '10:00'", "notify_at: '07:00', delivery: schedule")

    assert late(scheduled, LATE) == []


def test_many_wildcards_take_no_time() -> None:
    name = "a*" * 60 + "c"
    found = late(
        FAILED.replace("state_machine: nightly", f"airflow_dag: '{name}'"),
        LATE.replace("state_machine: nightly", f"airflow_dag: '{'a' * 127}b'"),
    )

    assert found == []
