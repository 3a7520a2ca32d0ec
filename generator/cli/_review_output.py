"""What two revisions differ in, in the format that was asked for."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from generator.cli import _judging
from generator.cli._exits import USAGE, Stop
from generator.finding import in_reading_order
from generator.report.review_markdown import Surroundings
from generator.source.wording import listed

LEAST_ROOM = 8_000
"""Bytes; a shorter review would say nothing."""
_FORMATS_OF_ENVIRONMENTS = ("text", "markdown", "json")
_MOST_LOCATED = 200
"""GitHub shows ten notices a step."""

if TYPE_CHECKING:
    from generator.cli._reviewing import Review
    from generator.finding import Span
    from generator.plan.comparison import Comparison, Difference


def show_review(review: Review, output: str, *, limit: int, base: str, root: Path) -> None:
    from generator.cli._console import show

    around = _surroundings(review, base)
    show(_reported(review, around, output, limit=limit, root=root).rstrip("\n"))
    _append_summary(review, around)


def reported(review: Review, output: str, *, base: str, root: Path) -> str:
    """The review in one format, for a file; `comment` is what a comment on a pull request is made of."""
    if output == "comment":
        from generator.report.review_comment import comment_json

        return comment_json(review.comparison, _surroundings(review, base), command=_command(review, base))
    return _reported(review, _surroundings(review, base), output, limit=1, root=root)


def _surroundings(review: Review, base: str) -> Surroundings:
    told = (review.found.findings, review.known, review.effects, _whole(review, base), review.environments)
    return Surroundings(base, *told)


def show_environments(
    comparison: Comparison, names: tuple[str, str], output: str, *, limit: int, has_errors: bool
) -> None:
    from generator.cli._console import show, width

    if output == "json":
        from generator.report.review_json import environments_json

        show(environments_json(comparison, *names).rstrip("\n"))
    elif output == "markdown":
        from generator.report.environments_markdown import Compared, environments_markdown

        command = shlex.join(("toban", "plan", "--compare", *names, "--limit", str(len(comparison.differences))))
        compared = Compared(*names, f"<code>{escape(command)}</code>", has_errors)
        show(environments_markdown(comparison, compared).rstrip("\n"))
    elif output == "text":
        from generator.report.environments_text import environments_text

        text = environments_text(comparison, *names, limit=limit, width=width(), style=_judging.style())
        show(text.rstrip("\n"))


def refuse_format(output: str) -> None:
    """Stop before anything is read."""
    if output not in _FORMATS_OF_ENVIRONMENTS:
        raise Stop(
            f"`--format {output}` shows what a review is about, and `--compare` compares environments, not revisions",
            hint=f"choose {listed(_FORMATS_OF_ENVIRONMENTS)}; or compare with a revision: --base REV --format {output}",
            code=USAGE,
        )


def _reported(review: Review, around: Surroundings, output: str, *, limit: int, root: Path) -> str:
    if output == "json":
        from generator.report.review_json import review_json

        return review_json(review.comparison, around)
    if output == "markdown":
        from generator.report.review_markdown import review_markdown

        return review_markdown(review.comparison, around)
    if output == "text":
        return _text(review, around, limit)
    return _for_machines(review, output, root)


def _text(review: Review, around: Surroundings, limit: int) -> str:
    from generator.cli._console import width
    from generator.report.findings_text import left_out_lines
    from generator.report.review_text import review_text

    _judging.tell_findings(review.found)
    told = review_text(
        review.comparison,
        base=around.base,
        has_errors=review.found.has_errors,
        limit=limit,
        width=width(),
        style=_judging.style(),
        effects=review.effects,
        environments=review.environments,
    )
    return left_out_lines(0, review.known, f"there at `{around.base}` already") + told


def _for_machines(review: Review, output: str, root: Path) -> str:
    from generator.cli import _lint_output
    from generator.report.review_findings import difference_notices, obstacle_findings

    found = in_reading_order((*review.found.findings, *obstacle_findings(review.comparison.obstacles)))
    if output == "sarif":
        return _lint_output.sarif(found, (), root)
    if output == "junit":
        from generator.report.review_junit import review_junit

        return review_junit(review.comparison, found, review.effects)
    notices = difference_notices(review.comparison, review.effects, locate=_locate_in(review))
    return _lint_output.github((*found, *notices), root)


def _locate_in(review: Review) -> Callable[[Difference], Span | None]:
    """The line of the first field that changes: GitHub shows nothing on lines far from those of the pull request."""
    from generator.render.locating import Locator
    from generator.report.change_lines import telling

    locator = Locator(review.found.files)
    resources = {(each.resource, each.tracking_id): each for each in review.found.whole.resources}
    few = {each.tracking_id for each in review.comparison.differences[:_MOST_LOCATED]}

    def locate(difference: Difference) -> Span | None:
        resource = resources.get((difference.resource, difference.tracking_id))
        if resource is None or difference.tracking_id not in few:
            return None
        spans = (locator(resource, each.path) for each in telling(difference.fields))
        return next((span for span in spans if (span.path, span.line) != (resource.path, resource.line)), None)

    return locate


def _command(review: Review, base: str) -> str:
    """What shows all of it at a terminal."""
    return f"toban plan --base {shlex.quote(base)} --limit {len(review.comparison.differences)}"


def _whole(review: Review, base: str) -> str:
    """Where all of it is: in the summary of the run, where there is one, and at a terminal."""
    command = f"<code>{escape(_command(review, base))}</code>"
    address = [os.environ.get(f"GITHUB_{name}") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID")]
    if not all(address):
        return command
    server, repository, run = address
    return f'<a href="{escape(f"{server}/{repository}/actions/runs/{run}")}">summary of the run</a>, {command}'


def _append_summary(review: Review, around: Surroundings) -> None:
    """To the summary of a job's step on GitHub, as far as there is room in it."""
    from generator.report.review_markdown import LONGEST_SUMMARY, octets, review_markdown

    named = os.environ.get("GITHUB_STEP_SUMMARY")
    if not named:
        return
    path = Path(named)
    room = LONGEST_SUMMARY - (path.stat().st_size if path.exists() else 0)
    if room >= LEAST_ROOM:
        with path.open("a", encoding="utf-8", errors="surrogateescape") as stream:
            stream.write(review_markdown(review.comparison, around, longest=room, measure=octets))
