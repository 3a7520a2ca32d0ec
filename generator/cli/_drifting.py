"""What `toban drift` looks at: a plan that would delete too, of which only the drift is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from generator.cli import _planning
from generator.cli._applied import of_yaml
from generator.cli._console import tell
from generator.cli._fixing import replace_file

if TYPE_CHECKING:
    from generator.cli._planning import Planned, Request
    from generator.datadog.client import Datadog
    from generator.datadog.target import Target


_MOST_KEPT = 50
"""Each is rendered anew."""

_FEW_NAMES = 10


@dataclass(frozen=True, slots=True)
class Keeping:
    """Lines of YAML that would keep each edit, by tracking id; the files with those edits that can be; those names."""

    snippets: Mapping[str, tuple[str, ...]]
    files: Mapping[str, bytes]
    kept: frozenset[str]


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
    """Edits one after the other, so that a file may keep several; what git has changed too is for people to decide."""
    from generator.plan.keeping import kept
    from generator.report.keeping_lines import changed_lines, whole_lines

    snippets = {each.tracking_id: whole_lines(each) for each in made.plan.drift}
    edits = [each for each in made.plan.drift if not each.is_conflict][:_MOST_KEPT]
    changed: dict[str, bytes] = {}
    names: set[str] = set()
    for each in kept(made.found.files, edits, made.found.whole.resources):
        lines = changed_lines(each.path, each.before.decode("utf-8", "replace"), each.content.decode())
        changed[each.path] = each.content
        for _, name in each.keys:
            names.add(name)
            snippets[name] = lines
    return Keeping(snippets, changed, frozenset(names))


def write_yaml(request: Request, made: Planned, keeping: Keeping) -> None:
    """Write the files that keep edits; name what has to be written by hand."""
    for path, content in keeping.files.items():
        replace_file(request.root / path, made.found.files[path], content)
        tell(f"wrote {path}")
    left = [each for each in made.plan.drift if each.tracking_id not in keeping.kept]
    if left:
        tell(f"to be written by hand: {', '.join(f'`{each.tracking_id}`' for each in left[:_FEW_NAMES])}")
