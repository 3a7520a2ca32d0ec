"""When values alert, warn and recover."""

from __future__ import annotations

import pytest

from tests.simulate.histories import changes, minutes, simulated

# https://docs.datadoghq.com/monitors/guide/recovery-thresholds/: `>` recovers at the recovery threshold itself, `>=`
# only below it, `<` and `<=` the other way round. A value a minute, and the state that each leaves.
RECOVERING = [
    (">", {"critical": 8, "critical_recovery": 5}, "8 9 8 6 5 6", "OK Alert Alert Alert OK OK"),
    (">=", {"critical": 8, "critical_recovery": 5}, "7 8 6 5 4 5", "OK Alert Alert Alert OK OK"),
    ("<", {"critical": 3, "critical_recovery": 5}, "3 2 4 5 4", "OK Alert Alert OK OK"),
    ("<=", {"critical": 3, "critical_recovery": 5}, "4 3 5 6 5", "OK Alert Alert OK OK"),
    (">", {"critical": 8}, "9 8 9 8", "Alert OK Alert OK"),
    (">=", {"critical": 8}, "8 7 8", "Alert OK Alert"),
    ("==", {"critical": 3}, "2 3 4 3", "OK Alert OK Alert"),
    ("!=", {"critical": 3}, "3 2 3", "OK Alert OK"),
    (">", {"critical": 8, "warning": 6}, "5 7 9 7 5", "OK Warn Alert Warn OK"),
    ("<", {"critical": 3, "warning": 5}, "6 4 2 4 6", "OK Warn Alert Warn OK"),
    (">", {"critical": 8, "warning": 6, "warning_recovery": 4}, "7 5 4 5 9 5", "Warn Warn OK OK Alert OK"),
    (">", {"critical": 8, "warning": 6, "critical_recovery": 7}, "9 7.5 7 6", "Alert Alert Warn OK"),
    (
        ">",
        {"critical": 8, "warning": 6, "critical_recovery": 4, "warning_recovery": 3},
        "9 7 5 4 9 3.5 3 7 3.5 3",
        "Alert Alert Alert OK Alert OK OK Warn Warn OK",
    ),
]


@pytest.mark.parametrize(("comparator", "thresholds", "values", "expected"), RECOVERING)
def test_each_value_leaves_the_state_that_the_thresholds_say(
    comparator: str, thresholds: dict[str, float], values: str, expected: str
) -> None:
    query = f"avg(last_1m):avg:m{{*}} {comparator} {thresholds['critical']}"
    count = len(values.split())
    found = simulated(query, minutes(values), until=f"00:{count - 1:02}", thresholds=thresholds)
    states, at = [], dict(line.split(" ") for line in changes(found))
    for minute in range(count):
        states.append(at.get(f"00:{minute:02}", states[-1] if states else "OK"))
    assert states == expected.split()


def test_an_alert_says_its_value_and_when_the_trouble_began() -> None:
    found = simulated("avg(last_1m):avg:m{*} > 8", minutes("1 7 9 7 1"), until="00:04", thresholds={"warning": 6})
    sent = [
        (each.value, (each.first_triggered_at or 0) - found.since, (each.last_triggered_at or 0) - found.since)
        for _, each in found.notifications
    ]
    # https://docs.datadoghq.com/monitors/notify/variables/: first where it left OK, last where it changed to the state.
    assert sent == [(7.0, 60, 60), (9.0, 60, 120), (7.0, 60, 180), (1.0, 60, 180)]


def test_a_recovery_threshold_of_equality_is_not_documented_and_does_nothing() -> None:
    found = simulated(
        "avg(last_1m):avg:m{*} == 3", minutes("3 5 4"), until="00:02", thresholds={"critical_recovery": 5}
    )
    assert changes(found) == ["00:00 Alert", "00:01 OK"]
