"""What `toban drift` looks at: a plan that would delete too, of which only the drift is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from generator.cli import _planning
from generator.cli._applied import of_yaml
from generator.cli._console import tell

if TYPE_CHECKING:
    from generator.cli._planning import Planned, Request
    from generator.datadog.client import Datadog
    from generator.datadog.target import Target


@dataclass(frozen=True, slots=True)
class Keeping:
    """Lines of YAML that would keep each edit, by tracking id, and the files with all edits kept that can be."""

    snippets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)


def request_of(values: Mapping[str, Any]) -> Request:
    """Nothing is asked about changes, because none is to be made."""
    return replace(_planning.request_of(values), prune=True)


def looked(request: Request, target: Target, client: Datadog) -> Planned:
    made = _planning.make_plan(request, target, client)
    if made.known.applied is not None or not made.plan.workspace:
        return made
    tell(
        "nothing says what was last applied: the YAML stands in for it, and what git has changed since shows too\n"
        "  sync once, or fetch what the sync job has pushed: --fetch-applied"
    )
    return _planning.planned_again(made, request, of_yaml(made))


def keeping(made: Planned) -> Keeping:
    del made
    return Keeping()


def write_yaml(request: Request, made: Planned, keeping: Keeping) -> None:
    del request, made, keeping
