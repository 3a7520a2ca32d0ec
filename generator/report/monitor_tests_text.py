"""Tests of monitors for a person at a terminal: what failed, what was expected, and what happened instead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from generator.report.findings_text import counted
from generator.report.setting_words import choice_text
from generator.report.style import PLAIN, Style
from generator.report.text_diff import line_diff
from generator.report.visible import display_width, short, visible
from generator.simulate.telling import Sent
from generator.simulate.timeline import GroupTimeline, Transition
from generator.testing.comparing import clock_text, handles_text, state_name
from generator.testing.coverage import Coverage
from generator.testing.outcome import Difference, Outcome

_MOST_EVENTS = 20
_MOST_NAMES = 50
_TEXTS = ("message", "message_has")
_INDENT = " " * 6


def outcomes_text(outcomes: Sequence[Outcome], *, errors: int = 0, style: Style = PLAIN) -> str:
    """Tests by their file; those that passed in a line each. So many `errors` kept others from being run."""
    lines: list[str] = []
    for path, group in groupby(outcomes, key=lambda each: each.test.path):
        lines.append(style.bold(visible(path)))
        for each in group:
            lines += _test_lines(each, style)
    summary = [_summary(outcomes, errors), *_dependence_lines(outcomes, style)]
    return "\n".join([*lines, *([""] if lines else []), *summary, ""])


def coverage_text(found: Coverage, *, style: Style = PLAIN) -> str:
    number = len(found.tested) + len(found.untested)
    percent = int(found.share * 100)
    lines = [f"{len(found.tested)} of {counted(number, 'monitor', 'monitors')} tested ({percent}%)."]
    if found.untested:
        lines += ["", style.bold("Without a test:"), *_names(found.untested)]
    if found.unreached:
        told = [f"{name}  {', '.join(map(state_name, states))}" for name, states in found.unreached]
        lines += ["", style.bold("States that no test reaches:"), *_names(told)]
    return "\n".join([*lines, ""])


def _dependence_lines(outcomes: Sequence[Outcome], style: Style) -> Iterator[str]:
    if any(each.depends_on for each in outcomes):
        yield from ("", style.bold("These depend on what Datadog does not document, and would end otherwise with"))
    for each in outcomes:
        for choice in each.depends_on:
            words = f"`{choice.setting}` {choice_text(choice.instead)} instead of {choice_text(choice.chosen)}"
            yield f"  {visible(each.test.name)}: {visible(words)}"


def _names(names: Sequence[str]) -> Iterator[str]:
    yield from (f"  {visible(name)}" for name in names[:_MOST_NAMES])
    if len(names) > _MOST_NAMES:
        yield f"  and {len(names) - _MOST_NAMES:,} more"


def _summary(outcomes: Sequence[Outcome], errors: int) -> str:
    failed = sum(not each.passed for each in outcomes)
    passed = len(outcomes) - failed
    if not outcomes and errors:
        return f"No test was run: {counted(errors, 'error', 'errors')} in the files of tests or monitors."
    if not outcomes:
        return "No tests. Write those of `NAME.yaml` into `NAME.test.yaml` beside it."
    if not failed:
        return f"{counted(passed, 'test', 'tests')} passed."
    return f"{counted(failed, 'test', 'tests')} failed, {passed:,} passed."


def failure_text(outcome: Outcome) -> str:
    """What is told of one test that failed."""
    return "\n".join(_failure_lines(outcome, PLAIN))


def _test_lines(outcome: Outcome, style: Style) -> Iterator[str]:
    if outcome.passed:
        yield f"  {style.green('ok')}    {visible(outcome.test.name)}"
        return
    yield f"  {style.red('FAIL')}  {style.bold(visible(outcome.test.name))}"
    yield from (f"{_INDENT}  {line}" for line in _failure_lines(outcome, style))


def _failure_lines(outcome: Outcome, style: Style) -> Iterator[str]:
    test = outcome.test
    yield f"{visible(test.resource.tracking_id)}, {test.day}, times are {visible(test.zone.key)}"
    if outcome.refusal:
        yield f"{visible(test.path)}:{test.line()}: it cannot be simulated: {visible(outcome.refusal)}"
        return
    for each in outcome.differences:
        yield from _difference_lines(each, outcome, style)
    yield "what happened:"
    yield from _timeline_lines(outcome)


def _difference_lines(difference: Difference, outcome: Outcome, style: Style) -> Iterator[str]:
    test = outcome.test
    place = f"{visible(test.path)}:{test.line(difference.place)}"
    if difference.what not in _TEXTS:
        yield f"{place}: {difference.what}"
        yield f"  expected  {style.green(visible(difference.expected))}"
        yield f"  found     {style.red(visible(difference.found))}"
        return
    yield f"{place}: {difference.what}"
    if difference.what == "message_has":
        yield f"  expected in it  {style.green(visible(difference.expected))}"
        yield from (f"  | {visible(line)}".rstrip() for line in difference.found.splitlines())
        return
    paint = {"-": style.green, "+": style.red}
    for line in line_diff(difference.expected, difference.found, context=1):
        yield f"  {paint.get(line.mark, str)(f'{line.mark} {visible(line.text)}'.rstrip())}"
    yield f"  {style.faint('- expected, + found')}"


def _timeline_lines(outcome: Outcome) -> Iterator[str]:
    """When states changed and who was told, in columns."""
    rows = sorted(_rows(outcome), key=lambda row: row[0])
    if not rows:
        yield "  nothing: no state changed, and nobody was told"
        return
    cells = [row[1] for row in rows[:_MOST_EVENTS]]
    widths = [max(display_width(row[column]) for row in cells) for column in range(len(cells[0]))]
    for row in cells:
        padded = (text + " " * (width - display_width(text)) for text, width in zip(row, widths, strict=True))
        yield f"  {'  '.join(filter(str.strip, padded))}".rstrip()
    if len(rows) > _MOST_EVENTS:
        yield f"  and {len(rows) - _MOST_EVENTS:,} more"


def _rows(outcome: Outcome) -> Iterator[tuple[int, tuple[str, ...]]]:
    told = {(each.at, each.group): each for each in outcome.sent if not each.is_renotify}
    is_merged = not {each.group for each in outcome.sent} <= {each.group for each in outcome.groups}
    for group in outcome.groups:
        for each in group.transitions:
            yield each.at, _changed(each, group, told.pop((each.at, group.group), None), outcome, is_merged=is_merged)
    for sent in (*told.values(), *(each for each in outcome.sent if each.is_renotify)):
        yield sent.at, _row(sent.at, sent.group, _sent_words(sent), _told(sent), outcome)


def _sent_words(sent: Sent) -> str:
    """What is told apart from a change of its group: a reminder, the end of a downtime, a change of several groups."""
    if sent.is_renotify:
        return f"{state_name(sent.after)} again"
    if sent.before is sent.after:
        return f"{state_name(sent.after)}, told after a downtime"
    return f"{state_name(sent.before)} → {state_name(sent.after)}"


def _changed(
    change: Transition, group: GroupTimeline, sent: Sent | None, outcome: Outcome, *, is_merged: bool
) -> tuple[str, ...]:
    """A change of several groups (`notify_by`) is told in a row of its own."""
    value = "" if change.value is None else f" ({change.value:.6g})"
    words = f"{state_name(change.before)} → {state_name(change.after)}{value}"
    told = _told(sent) if sent is not None else "" if is_merged else "not sent"
    return _row(change.at, group.group, words, told, outcome)


def _told(sent: Sent) -> str:
    return "muted" if sent.muted else f"told: {handles_text(sent.told)}"


def _row(at: int, group: Sequence[str], words: str, told: str, outcome: Outcome) -> tuple[str, ...]:
    return clock_text(at, outcome.test), short(",".join(group), 60), words, short(told, 120)
