"""`toban plan --base REV`: two revisions of the project compared, without keys and without a network."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import msgspec
from click.core import ParameterSource
from msgspec import UNSET

from generator.cli import _judging
from generator.cli._collector import collector_off
from generator.cli._exits import OK, PENDING, PROBLEM, USAGE, Stop
from generator.cli._linting import new_since
from generator.cli._past_effects import past_effects
from generator.cli._project import cache_folder, load_revision_files, rendered
from generator.finding import is_error
from generator.plan.comparison import Comparison
from generator.plan.environments import compare_environments
from generator.plan.model import Obstacle
from generator.plan.promotion import not_promoted
from generator.plan.revisions import compare
from generator.render.environment_values import environment_values
from generator.render.model import Rendering
from generator.render.project import Project, load_project
from generator.report.past_effect import Effects
from generator.report.review_alike import NO_ENVIRONMENTS, Environments
from generator.source.reader import Files
from generator.source.wording import nearest, shown

ONLY_WITH_DATADOG = (
    *("api_url", "local", "prune", "accept_live_loss", "replace", "take_over"),
    *("at_most", "probe", "out", "revert_drift", "fetch_applied"),
)
"""What has a meaning only where a plan is made for what is live."""


NOTHING = Rendering("", (), ())
"""Of a revision without project files, such as the one before the first alerts."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the person asked to see compared."""

    root: Path
    base: str
    ref: str | None
    only: tuple[str, ...]
    paths: tuple[Path, ...]
    no_cache: bool
    history: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """The comparison, and what is found in the later revision that the earlier one had not; `known` more it had.

    `effects` are what a past says of what changes, `environments` those of the later revision.
    """

    comparison: Comparison
    found: _judging.Judged
    known: int
    effects: Effects
    environments: Environments

    @property
    def is_blocked(self) -> bool:
        return any(map(is_error, self.found.findings)) or any(each.blocks for each in self.comparison.obstacles)

    def exit_code(self, *, detailed: bool) -> int:
        if self.is_blocked:
            return PROBLEM
        return PENDING if detailed and self.comparison.differences else OK


def request_of(values: Mapping[str, Any]) -> Request:
    """A request from the command's parameters, of which those for a Datadog would do nothing."""
    refuse_given(ONLY_WITH_DATADOG, "`--base` compares two revisions and asks no Datadog")
    if values["history"] and values["ref"] is not None:
        why = "`--history` back-tests what is in the working tree, and `--ref` looks at a revision"
        raise Stop(why, hint="leave one of them out, or check the revision out", code=USAGE)
    return Request(**{each.name: values[each.name] for each in dataclasses.fields(Request)})


def refuse_given(names: tuple[str, ...], why: str) -> None:
    context = click.get_current_context()
    for parameter in context.command.params:
        if parameter.name in names and context.get_parameter_source(parameter.name) is ParameterSource.COMMANDLINE:
            raise Stop(why, hint=f"leave `{parameter.opts[0]}` out", code=USAGE)


def review(request: Request) -> Review:
    root, cache = request.root, cache_folder(request.root, no_cache=request.no_cache)
    files = load_revision_files(root, request.base)
    with collector_off():
        folder = cache / "base" if cache else None
        before = rendered(files, folder) if files else NOTHING
        found = _judging.judged(
            root,
            only=request.only,
            paths=request.paths,
            no_cache=request.no_cache,
            ref=request.ref,
            former=before.services,
        )
        comparison = compare(before, found.whole, only=found.services, now=datetime.now(UTC))
        kept = new_since(files, before, found, folder)
    ahead = _ahead(root, request.base, request.ref or "HEAD")
    project, _ = load_project(found.files)
    environments = environment_values(project) if project is not None else NO_ENVIRONMENTS
    order = [environments[name] for name in _promotion(files, project) if name in environments]
    promotions = not_promoted(comparison.differences, before.resources, found.whole.resources, order)
    # What cannot be read is still told of under the name that it had.
    workspace = comparison.workspace or before.workspace
    obstacles = (*comparison.obstacles, *promotions, *ahead)
    comparison = msgspec.structs.replace(comparison, workspace=workspace, obstacles=obstacles)
    known = len(found.findings) - len(kept)
    effects = past_effects(root, request.base, request.history, no_cache=request.no_cache)
    return Review(comparison, dataclasses.replace(found, findings=kept), known, effects, environments)


def _promotion(base: Files, project: Project | None) -> Sequence[str]:
    """By what the base says: a branch cannot take away what it is held against."""
    orders = (each.organization.promotion for each in (load_project(base)[0], project) if each is not None)
    return next((each for each in orders if each is not UNSET), ())


def _ahead(root: Path, base: str, head: str) -> Iterator[Obstacle]:
    from generator.source.revision import commits_ahead

    if count := commits_ahead(root, base, head):
        what = "1 commit changes" if count == 1 else f"{count:,} commits change"
        yield Obstacle(
            "base-is-ahead",
            f"{what} project files in {shown(base)} and not in {shown(head)}: what they do shows the other way round",
            "merge the base first, or compare with the commit in common, as `git merge-base` tells it",
            blocks=False,
        )


def environments_compared(values: Mapping[str, Any]) -> tuple[Comparison, _judging.Judged]:
    """What one environment has that the other has not, with all that is found in the YAML."""
    first, second = values["compare"]
    refuse_given((*ONLY_WITH_DATADOG, "base"), "`--compare` compares two environments and asks no Datadog")
    refuse_given(("history",), "`--compare` shows what differs and back-tests nothing")
    with collector_off():
        found = _judging.judged(
            values["root"], only=values["only"], paths=values["paths"], no_cache=values["no_cache"], ref=values["ref"]
        )
    project, _ = load_project(found.files)
    known = environment_values(project) if project is not None else {}
    for name in (first, second):
        if name not in known and project is not None:
            raise Stop(f"there is no environment {shown(name)}", hint=_meant(name, known), code=USAGE)
    if first == second:
        raise Stop("`--compare` needs two environments", hint=f"they are: {', '.join(known)}", code=USAGE)
    if project is None:
        return Comparison("", (), 0, (), "", ""), found
    resources = found.whole.resources
    return compare_environments(resources, known[first], known[second], only=found.services), found


def _meant(name: str, known: Mapping[str, Any]) -> str:
    meant = nearest(name, known)
    return f"did you mean `{meant}`?" if meant else f"they are: {', '.join(list(known)[:10])}"
