"""Runs every rule over the rendered resources. A rule is described in `rule.py`."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import replace

import msgspec

from generator.finding import Finding, in_reading_order
from generator.lint.answers import Answers
from generator.lint.complaints import Found, Locate, each_once, findings_of
from generator.lint.rendered import Around, RenderedMonitor, Repository, arounds, by_file, key
from generator.lint.rule import Complaint, ResourceKey, Rule, rules
from generator.lint.walk import NodeClasses, walk_to
from generator.query.nodes import Node
from generator.render.cache import FileCache
from generator.render.model import Rendering, Resource


class FileLint(msgspec.Struct, frozen=True):
    """What rules find in one file, and by rule what it tells the rules of the whole repository."""

    findings: tuple[Finding, ...]
    facts: dict[str, msgspec.Raw] = {}


LintCache = FileCache[FileLint]
_ByNode = Mapping[type[Node], tuple[Rule, ...]]


def lint(rendering: Rendering, locate: Locate, cache: LintCache | None = None) -> tuple[Finding, ...]:
    """What the rules find, in reading order; what rendering found already is not among it."""
    whole = Repository(rendering.resources, arounds(rendering))
    parts = {path: _of_file(path, part, locate, cache) for path, part in by_file(whole)}
    found = (finding for part in parts.values() for finding in part.findings)
    return in_reading_order(each_once((*found, *findings_of(_across(whole, parts), locate))))


def lint_file(
    path: str, resources: tuple[Resource, ...], around: Mapping[str, Around], locate: Locate, cache: LintCache
) -> None:
    """Keep what the rules find in one file for `lint` of all files."""
    if resources:
        _of_file(path, Repository(resources, around), locate, cache)


def lint_online(repository: Repository, answers: Answers, locate: Locate) -> tuple[Finding, ...]:
    """What Datadog's answers say about the resources it was asked about."""
    online = (rule for rule in rules() if rule.reach == "online")
    found = ((rule, *each) for rule in online for each in rule.findings(repository, answers))
    return in_reading_order(findings_of(found, locate))


def _of_file(path: str, part: Repository, locate: Locate, cache: LintCache | None) -> FileLint:
    """What the rules find that need one file only, and its facts; nothing else changes them, so they can be kept."""
    known = cache.load(path) if cache else None
    if known is not None:
        return known
    found = [each for monitor in part.monitors for each in _of_monitor(monitor)]
    for resource in part.resources:
        for rule in _judging(resource.resource):
            found += ((rule, resource, complaint) for complaint in rule.findings(resource))
    for rule in rules():
        if rule.reach == "file":
            found += ((rule, resource, complaint) for resource, complaint in rule.findings(part))
    made = FileLint(findings_of(found, locate), _facts(part))
    if cache:
        cache.store(path, made)
    return made


def _facts(part: Repository) -> dict[str, msgspec.Raw]:
    """As JSON, whether they are kept or not: so a rule sees the same with and without the cache."""
    return {rule.name: msgspec.Raw(msgspec.json.encode(rule.facts(part))) for rule in rules() if rule.facts}


def _across(whole: Repository, parts: Mapping[str, FileLint]) -> Iterator[Found]:
    """What the rules find that need all files; reading all resources is left to those that have no facts."""
    by_key: dict[ResourceKey, Resource] = {}
    for rule in rules():
        if rule.reach == "repository" and not rule.facts:
            yield from ((rule, resource, complaint) for resource, complaint in rule.findings(whole))
        elif rule.reach == "repository":
            by_key = by_key or {key(each): each for each in whole.resources}
            for of, complaint in rule.findings(_facts_of(rule, parts)):
                yield rule, by_key[of], _placed(complaint, by_key)


def _placed(complaint: Complaint, by_key: Mapping[ResourceKey, Resource]) -> Complaint:
    """With resources in place of their keys."""
    related = (
        replace(each, of=by_key.get(each.of)) if isinstance(each.of, tuple) else each for each in complaint.related
    )
    return replace(complaint, related=tuple(related)) if complaint.related else complaint


def _facts_of(rule: Rule, parts: Mapping[str, FileLint]) -> dict[str, object]:
    decoder = msgspec.json.Decoder(rule.facts_type)
    return {path: decoder.decode(part.facts[rule.name]) for path, part in parts.items()}


def _of_monitor(monitor: RenderedMonitor) -> Iterator[Found]:
    whole, by_node, judged = _applicable(monitor.type)
    for rule in whole:
        for complaint in rule.findings(monitor):
            yield rule, monitor.resource, complaint
    if judged:
        for node in walk_to(judged, monitor.tree):
            for rule in by_node.get(type(node), ()):
                for complaint in rule.findings(node, monitor):
                    yield rule, monitor.resource, complaint


@functools.cache
def _judging(resource_type: str) -> tuple[Rule, ...]:
    """The rules that judge a resource of the type as it is, be it a monitor or not."""
    return tuple(rule for rule in rules() if resource_type in rule.resources)


@functools.cache
def _applicable(monitor_type: str) -> tuple[tuple[Rule, ...], _ByNode, NodeClasses]:
    """The rules for a monitor type: of the whole monitor, and of each class of node; and these classes."""
    fitting = [
        rule
        for rule in rules()
        if rule.reach == "resource" and not rule.resources and (not rule.types or monitor_type in rule.types)
    ]
    by_node: dict[type[Node], tuple[Rule, ...]] = {}
    for rule in fitting:
        for node_class in rule.nodes:
            by_node[node_class] = (*by_node.get(node_class, ()), rule)
    return tuple(rule for rule in fitting if not rule.nodes), by_node, frozenset(by_node)
