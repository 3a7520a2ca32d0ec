"""What a lint rule is: a module of `rules/` that says what can go wrong with a rendered resource.

Its docstring is its documentation: the first line sums it up, the rest says why it matters and how to mend it. Its name
is the module's, with hyphens. It defines

- `SEVERITY`: errors stop a sync;
- `REACH`: `"resource"` where one monitor is enough to judge, `"file"` where those of its file are, such as the same
  monitor in other environments, `"repository"` where all of them are needed; only the last is judged anew each time;
- `TYPES`, optional: the monitor types it judges, all of them without it;
- `NODES`, optional: the classes of query nodes it judges; one walk over a query serves all rules;
- `findings`: of a monitor, `findings(monitor)`; with `NODES`, `findings(node, monitor)`, once for each node; of a file
  or repository, `findings(repository)`, which yields pairs of resource and complaint.
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

Reach = Literal["resource", "file", "repository"]


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong, at which field of the payload; `start` and `end` are offsets inside that field's text."""

    message: str
    field: tuple[str | int, ...]
    hint: str = ""
    start: int = -1
    end: int = -1


@dataclass(frozen=True, slots=True)
class Rule:
    """`types` and `nodes` are empty where the rule does not narrow them."""

    name: str
    severity: Severity
    reach: Reach
    types: frozenset[str]
    nodes: tuple[type[Node], ...]
    findings: Callable[..., Any]


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
    )
