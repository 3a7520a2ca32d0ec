"""A part of a message is for a tag that the monitor never reads.

A query of `{env:production}` has no other environment to tell of, so `{{#is_match "env.name" "staging"}}` is never
sent, and `{{^is_match "env.name" "staging"}}` always. Handles in it are told of nothing. Where a message is shared, one
environment whose query reads the tag is enough. Remove the block, or widen the query
(https://docs.datadoghq.com/monitors/notify/variables/).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from generator.finding import Severity
from generator.lint.messages import branch_words, complaints, condition_arguments, fixed_tags
from generator.lint.rendered import RenderedMonitor, Repository
from generator.lint.rule import Complaint, Field
from generator.message.conditions import is_exact_match, is_match
from generator.message.nodes import Branch, Message
from generator.message.problem import MessageProblem, shown
from generator.render.model import Resource

SEVERITY = Severity.WARNING
REACH = "file"

_TESTS = {"is_match": is_match, "is_exact_match": is_exact_match}
_Place = tuple[Field, str, int, bool]


def findings(repository: Repository) -> Iterator[tuple[Resource, Complaint]]:
    """Only what no environment of a monitor can send."""
    alike: defaultdict[str, list[RenderedMonitor]] = defaultdict(list)
    for monitor in repository.monitors:
        if any(said.conditions & _TESTS.keys() for _, _, said in monitor.outlines):
            alike[monitor.resource.tracking_id.rpartition("/")[0]].append(monitor)
    for monitors in alike.values():
        dead = [_dead(monitor) for monitor in monitors]
        everywhere = set(dead[0]).intersection(*dead[1:])
        for (field, *_), problem in dead[0].items():
            if (field, *_) in everywhere:
                yield from ((monitors[0].resource, each) for each in complaints([problem], field))


def _dead(monitor: RenderedMonitor) -> Mapping[_Place, MessageProblem]:
    fixed = fixed_tags(monitor.tree)
    return {
        (field, branch.opening.text, branch.opening.start, branch.holds): _problem(branch, fixed)
        for field, _, said in monitor.outlines
        for branch in _branches(said.message)
        if _is_dead(branch, fixed)
    }


def _branches(message: Message) -> Iterator[Branch]:
    return (branch for part in message.parts for branch in part.branches)


def _is_dead(branch: Branch, fixed: Mapping[str, str]) -> bool:
    test, (key, *wanted) = _TESTS.get(branch.condition.name), condition_arguments(branch) or ("",)
    value = fixed.get(key.removesuffix(".name"))
    return test is not None and value is not None and bool(wanted) and test(value, tuple(wanted)) is not branch.holds


def _problem(branch: Branch, fixed: Mapping[str, str]) -> MessageProblem:
    tag, key = branch.opening, condition_arguments(branch)[0].removesuffix(".name")
    message = f"{branch_words(branch)} is never sent: the query reads {shown(f'{key}:{fixed[key]}')} only"
    return MessageProblem(message, tag.start, tag.end, "remove the block, or widen the query")
