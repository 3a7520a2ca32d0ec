"""Runs every rule over the rendered resources. A rule is described in `rule.py`."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from generator.finding import Excerpt, Finding, Span, in_reading_order
from generator.lint.rendered import RenderedMonitor, Repository, by_file, repository
from generator.lint.rule import Complaint, Rule, rules
from generator.lint.walk import walk
from generator.query.nodes import Node
from generator.render.cache import FileCache
from generator.render.model import Rendering, Resource
from generator.source.wording import one_line

Locate = Callable[[Resource, tuple[str | int, ...]], Span]
"""Resource and path of a field in its payload → where the YAML sets it."""
LintCache = FileCache[tuple[Finding, ...]]
"""What the rules of a file's reach found in it."""
_Found = tuple[Rule, Resource, Complaint]
_ByNode = Mapping[type[Node], tuple[Rule, ...]]


def lint(rendering: Rendering, locate: Locate, cache: LintCache | None = None) -> tuple[Finding, ...]:
    """What the rules find, in reading order; what rendering found already is not among it."""
    rendered = repository(rendering.resources)
    found = [finding for path, part in by_file(rendered) for finding in _of_file(path, part, locate, cache)]
    across = [each for rule in rules() if rule.reach == "repository" for each in _by_rule(rule, rendered)]
    return in_reading_order((*found, *_findings(across, locate)))


def _of_file(path: str, part: Repository, locate: Locate, cache: LintCache | None) -> tuple[Finding, ...]:
    """What the rules find that need one file only; nothing else changes it, so it can be kept."""
    known = cache.load(path) if cache else None
    if known is not None:
        return known
    found = [each for monitor in part.monitors for each in _of_monitor(monitor)]
    found += (each for rule in rules() if rule.reach == "file" for each in _by_rule(rule, part))
    findings = _findings(found, locate)
    if cache:
        cache.store(path, findings)
    return findings


def _by_rule(rule: Rule, part: Repository) -> Iterator[_Found]:
    return ((rule, resource, complaint) for resource, complaint in rule.findings(part))


def _findings(found: list[_Found], locate: Locate) -> tuple[Finding, ...]:
    return _each_once(_finding(*each, locate) for each in found)


def _of_monitor(monitor: RenderedMonitor) -> Iterator[_Found]:
    whole, by_node = _applicable(monitor.type)
    for rule in whole:
        for complaint in rule.findings(monitor):
            yield rule, monitor.resource, complaint
    if by_node:
        for node in walk(monitor.tree):
            for rule in by_node.get(type(node), ()):
                for complaint in rule.findings(node, monitor):
                    yield rule, monitor.resource, complaint


@functools.cache
def _applicable(monitor_type: str) -> tuple[tuple[Rule, ...], _ByNode]:
    """The rules for a monitor type: of the whole monitor, and of each class of node."""
    fitting = [rule for rule in rules() if rule.reach == "resource" and (not rule.types or monitor_type in rule.types)]
    by_node: dict[type[Node], tuple[Rule, ...]] = {}
    for rule in fitting:
        for node_class in rule.nodes:
            by_node[node_class] = (*by_node.get(node_class, ()), rule)
    return tuple(rule for rule in fitting if not rule.nodes), by_node


def _each_once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Of equal messages about one place, such as from each environment or each `.as_count()` of a ratio, the first."""
    seen: dict[tuple[str, str, Span], Finding] = {}
    for finding in findings:
        seen.setdefault((finding.rule, finding.message, finding.span), finding)
    return tuple(seen.values())


def _finding(rule: Rule, resource: Resource, complaint: Complaint, locate: Locate) -> Finding:
    return Finding(
        rule=rule.name,
        severity=rule.severity,
        message=one_line(complaint.message),
        span=locate(resource, complaint.field),
        hint=one_line(complaint.hint),
        excerpt=_excerpt(resource, complaint),
    )


def _excerpt(resource: Resource, complaint: Complaint) -> Excerpt | None:
    if complaint.start < 0:
        return None
    value: Any = resource.payload
    for key in complaint.field:
        value = value[key]
    return Excerpt(value, complaint.start, complaint.end) if isinstance(value, str) else None
