"""What a lint rule is: a module of `rules/` that says what can go wrong with a rendered resource.

Its docstring is its documentation: the first line sums it up, the rest says why it matters and how to mend it. Its name
is the module's, with hyphens. It defines

- `SEVERITY`: errors stop a sync; a rule that meets many sound monitors is a notice;
- `REACH`: `"resource"` where one monitor is enough to judge, `"file"` where those of its file are, such as the same
  monitor in other environments, `"repository"` where all of them are needed; only the last is judged anew each time.
  `"online"` judges what Datadog answered about what would change: `findings(repository, answers)`;
- `TYPES`, optional: the monitor types it judges, all of them without it;
- `RESOURCES`, optional: the resource types of which it judges each one; then it is `findings(resource)`, and the reach
  is `"resource"`;
- `NODES`, optional: the classes of query nodes it judges; one walk over a query serves all rules;
- `findings`: of a monitor, `findings(monitor)`; with `NODES`, `findings(node, monitor)`, once for each node; of a file
  or repository, `findings(repository)`, which yields pairs of resource and complaint.

A rule of the whole repository that parses queries or messages defines `facts(repository)` as well: what it needs to
know of one file, a frozen `msgspec.Struct` of the name `Facts`. It is kept in the cache, so that a change of one file
costs the reading of one file. Then it is `findings(facts)`, with the facts of every file by path, and yields pairs
of a `ResourceKey` (the type and the tracking id of a resource, `rendered.key`) and complaint.

A complaint may name other places that explain it (`related`), and offer a safe `fix`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal

import generator.lint.rules
from generator import registry
from generator.finding import Severity
from generator.query.nodes import Node
from generator.render.model import Resource

Reach = Literal["resource", "file", "repository", "online"]
Field = tuple[str | int, ...]
"""Path of a field in a payload."""
ResourceKey = tuple[str, str]
"""Type and tracking id of a resource."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another place that explains a complaint; it is of the same resource where `of` is None."""

    message: str
    field: Field = ()
    of: Resource | ResourceKey | None = None


@dataclass(frozen=True, slots=True)
class Replacement:
    """YAML `text` for the whole value of a field, or for the characters `start` to `end` of its text.

    It is offered only where the YAML holds that very value: nothing filled in by a template, nothing inherited twice.
    """

    text: str
    field: Field
    start: int = -1
    end: int = -1


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong, at which field of the payload; `start` and `end` are offsets inside that field's text."""

    message: str
    field: Field
    hint: str = ""
    start: int = -1
    end: int = -1
    related: tuple[Elsewhere, ...] = ()
    fix: Replacement | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """`types` and `nodes` are empty where the rule does not narrow them, `resources` where it judges monitors only."""

    name: str
    severity: Severity
    reach: Reach
    types: frozenset[str]
    nodes: tuple[type[Node], ...]
    findings: Callable[..., Any]
    documentation: str
    facts: Callable[..., Any] | None = None
    facts_type: type[Any] | None = None
    resources: frozenset[str] = frozenset()

    @property
    def why(self) -> str:
        """The one line of its documentation that says what goes wrong."""
        return " ".join(self.documentation.partition("\n\n")[0].split())


@functools.cache
def rules() -> tuple[Rule, ...]:
    """All rules, by name."""
    return tuple(_rule(name, module) for name, module in registry.modules(generator.lint.rules).items())


def _rule(name: str, module: ModuleType) -> Rule:
    return Rule(
        name=name.replace("_", "-"),
        severity=module.SEVERITY,
        reach=module.REACH,
        types=frozenset(getattr(module, "TYPES", ())),
        nodes=tuple(getattr(module, "NODES", ())),
        findings=module.findings,
        documentation=(module.__doc__ or "").strip(),
        facts=getattr(module, "facts", None),
        facts_type=getattr(module, "Facts", None),
        resources=frozenset(getattr(module, "RESOURCES", ())),
    )
