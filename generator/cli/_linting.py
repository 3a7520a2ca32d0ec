"""What lint counts: against a git revision or a baseline, and as which output."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.cli import _judging
from generator.cli._console import tell
from generator.cli._exits import USAGE, Stop
from generator.cli._files import write_file
from generator.cli._project import cache_folder, load_revision_files, rendered
from generator.finding import Finding, is_error
from generator.lint.known import (
    UnusableBaseline,
    baseline_text,
    changed,
    compared,
    counted,
    read_baseline,
)
from generator.lint.rule import Rule, rules
from generator.lint.told_elsewhere import EXPLAINED
from generator.render.model import Rendering
from generator.report.findings_text import counted as counted_words
from generator.source.reader import Files
from generator.source.wording import nearest


@dataclass(frozen=True, slots=True)
class Request:
    """What the person asked lint for."""

    root: Path
    only: tuple[str, ...]
    paths: tuple[Path, ...]
    no_cache: bool
    base: str | None
    baseline: Path | None
    write_baseline: Path | None
    online: bool = False
    probe: bool = False
    at_most: int = 0
    api_url: str | None = None
    local: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is found and counts; `known` more do not, and `where_known` says why."""

    found: _judging.Judged
    known: int = 0
    where_known: str = ""

    @property
    def has_errors(self) -> bool:
        return any(map(is_error, self.found.findings))


def request_of(values: Mapping[str, Any]) -> Request:
    """A request from the command's parameters, which have the same names; some of them exclude each other."""
    request = Request(**{each.name: values[each.name] for each in dataclasses.fields(Request)})
    if values["diff"] and not values["fix"]:
        raise Stop("`--diff` shows what `--fix` would change", hint="give both", code=USAGE)
    if request.write_baseline and (request.base or request.baseline or request.only or request.paths):
        hint = "leave out the paths, --only, --base and --baseline"
        raise Stop("`--write-baseline` writes all that is found, or the rest would be lost", hint=hint, code=USAGE)
    if request.write_baseline and values["fix"]:
        raise Stop("`--fix` and `--write-baseline` are two things to do", hint="give one of them", code=USAGE)
    if request.base and request.baseline:
        raise Stop("`--base` and `--baseline` are two measures", hint="give one of them", code=USAGE)
    _refuse_halves(request)
    return request


def _refuse_halves(request: Request) -> None:
    """What only `--online` gives a meaning to."""
    if request.online and request.write_baseline:
        raise Stop("what Datadog answers today is no baseline", hint="leave out `--online`", code=USAGE)
    if not request.online and (request.probe or request.api_url or request.local):
        given = "--probe" if request.probe else "--api-url" if request.api_url else "--local"
        raise Stop(f"`{given}` is for `--online`: lint asks nobody without it", hint="give both", code=USAGE)


def verdict(request: Request) -> Verdict:
    found = _found(request)
    if request.base is not None:
        return _since(request.base, found, request)
    if request.baseline is not None:
        return _beyond(request.baseline, found, request)
    return Verdict(found)


def _found(request: Request) -> _judging.Judged:
    if not request.online:
        return _judging.judged(request.root, only=request.only, paths=request.paths, no_cache=request.no_cache)
    from generator.cli import _planning

    shared = (name for name in _planning.Request.__dataclass_fields__ if hasattr(request, name))
    asking = _planning.request_of({name: getattr(request, name) for name in shared})
    with _planning.opened(asking) as (target, client):
        return _planning.make_plan(asking, target, client).found


def _since(revision: str, found: _judging.Judged, request: Request) -> Verdict:
    files = load_revision_files(request.root, revision)
    cache = cache_folder(request.root, no_cache=request.no_cache)
    folder = cache / "base" if cache else None
    kept = new_since(files, rendered(files, folder), found, folder)
    return _narrowed(found, kept, f"there at `{revision}` already, in what has not changed since")


def new_since(files: Files, rendering: Rendering, found: _judging.Judged, folder: Path | None) -> tuple[Finding, ...]:
    """What the files of an earlier revision had not, or what is in resources that have changed since."""
    before = counted(_judging.settled_findings(files, rendering, folder).findings)
    new = frozenset(compared(found.findings, before, found.files).findings)
    other = changed(rendering, found.whole)
    return tuple(each for each in found.findings if each in new or not other.isdisjoint(each.tracking_ids))


def _beyond(file: Path, found: _judging.Judged, request: Request) -> Verdict:
    try:
        known = read_baseline(file.read_bytes())
    except UnusableBaseline as error:
        hint = f"write it anew: toban lint --write-baseline {file}"
        raise Stop(f"`{file}` is no baseline: {error}", hint=hint, code=USAGE) from error
    result = compared(found.findings, known, found.files)
    if result.gone and not (request.only or request.paths):
        what = "1 finding that is" if result.gone == 1 else f"{result.gone:,} findings that are"
        tell(f"`{file}` holds {what} no more; write it anew: toban lint --write-baseline {file}")
    return _narrowed(found, result.findings, f"in `{file}` already")


def _narrowed(found: _judging.Judged, kept: tuple[Finding, ...], where: str) -> Verdict:
    return Verdict(dataclasses.replace(found, findings=kept), len(found.findings) - len(kept), where)


def write_baseline(path: Path, found: Verdict) -> None:
    write_file(path, baseline_text(found.found.findings))
    tell(f"{counted_words(len(found.found.findings), 'finding', 'findings')} written to `{path}`")


def explained(name: str) -> str:
    """The documentation of a rule."""
    known = {rule.name: rule for rule in rules()}
    if name in known:
        return _page(known[name])
    if name in EXPLAINED:
        return f"{name}\n\n{EXPLAINED[name]}"
    meant = nearest(name, (*known, *EXPLAINED))
    hint = f"did you mean `{meant}`?" if meant else "docs/rules has them all"
    raise Stop(f"there is no rule `{name}`", hint=hint, code=USAGE)


def _page(rule: Rule) -> str:
    return (
        f"{rule.name} ({rule.severity.value})\n\n{rule.documentation}\n\n"
        f"Where it does not matter, say why: # toban: ignore[{rule.name}]: reason"
    )
