"""What `toban explain` says of the times of these kinds: when, to whom, and who decided it."""

from __future__ import annotations

import pytest

from generator.render.explanation import explained
from generator.render.renderer import render
from generator.report.explanation_text import explanation_text

ORGANIZATION = """\
workspace: main
notify: "@slack-a"
metrics_arrive_within: {aws: 15m}
environments: {production: {scope: "env:production", aws: {account: "111122223333", region: eu-central-1}}}
"""


def explanation(monitor: str, *, more: str = "") -> str:
    files = {
        "monitors/organization.yaml": (ORGANIZATION + more).encode(),
        "monitors/a.yaml": f"service: a\ntimezone: Europe/Berlin\nmonitors:\n  one: {monitor}\n".encode(),
    }
    rendering = render(files)
    assert rendering.findings == ()
    return explanation_text(explained(rendering.resources[0], files))


SHIFTED = "{kind: batch_failure, state_machine: n, runs: {from: '01:30', to: '02:30'}}"
AT_ONCE = "{kind: batch_failure, state_machine: n, runs: {from: '22:00', to: '23:50'}, delivery: at_once}"
CPU = "{kind: fargate_cpu, thresholds: {critical: 90}}"
WRITTEN = "{kind: metric, query: 'QUERY'}"


def test_what_is_told_at_once_has_the_times_at_which_its_metric_is_there() -> None:
    found = explanation(AT_ONCE).split("When it is told")[1].splitlines()[:4]

    assert found == [
        " (Europe/Berlin):",
        "  a failure at  22:00  23:50",
        "  Monday        22:15  Tue 00:05",
        "  Tuesday       22:15  Wed 00:05",
    ]


@pytest.mark.parametrize(
    "monitor", [CPU, WRITTEN.replace("QUERY", "avg(last_5m):avg:a{env:production} / week_before(avg:a{*}) > 1")]
)
def test_what_can_happen_at_any_hour_is_told_at_any_hour_to_its_handles(monitor: str) -> None:
    assert "When it is told: as it happens, on any day and at any hour\n  to @slack-a\n" in explanation(monitor)


def test_what_looks_back_is_not_told_as_it_happens() -> None:
    assert "as it happens" not in explanation(WRITTEN.replace("QUERY", "avg(last_5m):hour_before(avg:a{*}) > 1"))


def test_each_decision_about_the_times_names_its_origin() -> None:
    found = [line.split(maxsplit=1) for line in explanation(SHIFTED).splitlines() if ", monitors/" in line]
    told = {name: " ".join(rest.split()) for name, rest in found}

    assert told["timezone"] == "Europe/Berlin service a, monitors/a.yaml:2"
    assert told["business_hours"] == "mon-fri, 09:00 to 18:00 by default, monitors/organization.yaml:1"
    assert told["metrics_arrive_within.aws"] == "15m organisation, monitors/organization.yaml:3"
    assert told["environments.production.scope"] == "env:production organisation, monitors/organization.yaml:4"
    assert told["environments.production.aws.region"] == "eu-central-1 organisation, monitors/organization.yaml:4"


def test_business_hours_that_are_written_are_no_default() -> None:
    found = explanation(SHIFTED, more='business_hours: {days: mon, from: "08:00", to: "12:00"}\n')

    assert "by default" not in found
    assert "business_hours.from" in found


def test_alerts_on_days_off_are_told_of_as_such() -> None:
    """A failure of Saturday night is told on Sunday."""
    assert "it tells on days off too." in explanation(SHIFTED.replace("01:30", "22:00").replace("02:30", "23:30"))


def test_one_business_day_a_week_reads_back_to_the_week_before() -> None:
    found = explanation(
        SHIFTED.replace("}}", "}, delivery: schedule}"),
        more='business_hours: {days: mon, from: "09:00", to: "12:00"}\n',
    )

    assert "what failed since 09:00 a week before is told then" in found
