"""When a batch is told to be late: the looks of its monitors, and the same in words."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from datetime import time, timedelta

import msgspec

from generator.explain.durations import duration_words
from generator.explain.monitor import KindProblem
from generator.explain.phrases import on_days
from generator.schedule.delivery import Office, Runs, day_of_odd_time
from generator.schedule.lateness import comes_before, day_of_wrong_check, days_due, later, window_until
from generator.schedule.local_time import clock
from generator.schedule.recurrence import Recurrence

# A longer window would hold what the run before finished late.
_LONGEST_WINDOW = timedelta(hours=23)
_LONGEST_LAG = timedelta(hours=12)
_NO_TIME = timedelta(0)


class Look(msgspec.Struct, frozen=True):
    """When a monitor looks, and how far back."""

    looks: Recurrence
    window: timedelta


class Due(msgspec.Struct, frozen=True):
    """A deadline, how late its metrics come, and how long before it people are warned; none where it is zero."""

    deadline: time
    lag: timedelta
    warn_before: timedelta = _NO_TIME


class Judging(msgspec.Struct, frozen=True):
    """The look that judges the deadline once its metrics have come, and the look that warns before it."""

    due: Due
    runs: Runs
    late: Look
    early: Look | None


@functools.lru_cache(maxsize=4096)
def judging(due: Due, runs: Runs, office: Office, *, days: tuple[int, ...]) -> Judging | KindProblem:
    """The looks, or why there can be none; `days` are those on which runs start, none means all."""
    problem = next(_problems(due, runs, office), None)
    if problem is not None:
        return problem
    checked = days_due(days, due.deadline, runs, office, lag=due.lag)
    late = Look(
        Recurrence(checked, later(due.deadline, due.lag), office.zone), window_until(due.deadline, runs, office)
    )
    return Judging(due, runs, late, _early(due, runs, office, days) if due.warn_before else None)


def late_notes(judged: Judging, *, expected: int, until_check: bool) -> tuple[str, ...]:
    due, looks = judged.due, judged.late.looks
    what = "what is not done" if expected == 1 else f"less than {expected} runs done"
    seen = f", when metrics of {clock(due.deadline)} have come" if due.lag else ""
    counted = (
        f"What is done by {clock(looks.at)} counts" if until_check and due.lag else "Only what is done by then counts"
    )
    return (
        f"At {clock(looks.at)} {on_days(looks.days)}{seen}, it tells {what} by {clock(due.deadline)}.",
        f"{counted}, from {duration_words(judged.late.window)} before on. Times are {looks.zone.key}.",
    )


def early_note(judged: Judging, early: Look) -> str:
    before = duration_words(judged.due.warn_before)
    at = f"At {clock(early.looks.at)} {on_days(early.looks.days)}"
    return f"{at}, {before} before the deadline, it warns of what is not seen as done."


def _early(due: Due, runs: Runs, office: Office, days: tuple[int, ...]) -> Look:
    at = later(due.deadline, -due.warn_before)
    on = days_due(days, at, runs, office, lag=_NO_TIME)
    return Look(Recurrence(on, at, office.zone), window_until(at, runs, office))


def _problems(due: Due, runs: Runs, office: Office) -> Iterator[KindProblem]:
    start, deadline = clock(runs.start), clock(due.deadline)
    if due.lag > _LONGEST_LAG:
        message = f"the metric arrives within {duration_words(due.lag)}: too late to judge a daily deadline by"
        yield _problem("deadline", message, "mend `metrics_arrive_within` in organization.yaml")
        return
    window = window_until(due.deadline, runs, office)
    if window > _LONGEST_WINDOW:
        message = f"`deadline` is `{deadline}`, almost a day or more after the runs start at {start}"
        yield _problem("deadline", message, "write a deadline at most 22 hours after the start, or an earlier start")
    day = day_of_wrong_check(due.deadline, due.lag, runs, office)
    if day is not None:
        check = clock(later(due.deadline, due.lag))
        message = (
            f"the clocks of {office.zone.key} change on {day} between the deadline {deadline} and its check at {check}"
        )
        hint = "write a deadline whose check comes before the change, or a deadline after it"
        yield _problem("deadline", message, hint)
    if due.warn_before and _is_between(due, runs, office):
        yield from _early_problems(due, office)
    elif due.warn_before:
        message = f"`warn_before` is {duration_words(due.warn_before)}, which is before the runs start at {start}"
        yield _problem("warn_before", message, f"write less than the time from {start} to {deadline}")


def _early_problems(due: Due, office: Office) -> Iterator[KindProblem]:
    early = later(due.deadline, -due.warn_before)
    day = day_of_odd_time(early, office)
    if day is not None:
        message = f"the warning comes at {clock(early)}, which the clocks of {office.zone.key} skip or repeat on {day}"
        yield _problem("warn_before", message, "write a time before the deadline at which the clocks never change")


def _is_between(due: Due, runs: Runs, office: Office) -> bool:
    if due.warn_before >= _LONGEST_WINDOW:
        return False
    return not comes_before(due.deadline, later(due.deadline, -due.warn_before), runs, office)


def _problem(field: str, message: str, hint: str) -> KindProblem:
    return KindProblem((field,), "wrong-value", message, hint)
