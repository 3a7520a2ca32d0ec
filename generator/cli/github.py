"""`toban github`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from generator.cli._options import project_options

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _run_options(function: Callable[..., int]) -> Callable[..., int]:
    """What GitHub itself says of the run that made an upload."""
    for add in (
        click.option("--head-branch", metavar="NAME", required=True, help="The branch it was the head of."),
        click.option("--head-repository", metavar="OWNER/NAME", required=True, help="The repository it is in."),
        click.option("--head", metavar="COMMIT", required=True, help="The head commit that the run was for."),
    ):
        function = add(function)
    return function


@click.group("github")
def command() -> None:
    """What the workflows on GitHub call: a pull request's review, its comment, code scanning, an issue."""


@command.command("review")
@project_options
@click.option("--base", metavar="REV", default="HEAD^1", show_default=True, help="What is compared with.")
@click.option(
    "--history", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
    help="Back-test what changes over the points in this folder, if there is one.",
)  # fmt: skip
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder to upload.")
def review(*, base: str, out: Path, **values: Any) -> int:
    """Compare with a git revision as `toban plan --base` does, once, and write each format into a folder.

    Annotations go to the output, the Markdown to the summary of the job too. Needs no keys and no token.
    """
    from generator.cli import _github_review

    return _github_review.written(base, out, **values)


@command.command("comment")
@click.argument("folder", type=_FOLDER)
@_run_options
@click.option("--run-url", metavar="URL", default="", help="The page of the run, for what the comment has no room for.")
def comment(folder: Path, run_url: str, **values: str) -> int:
    """Write what `review` has written to FOLDER as the one comment on its pull request.

    FOLDER may come from a fork: the pull request that it names counts only where its head is the commit of the run, and
    the comment is made here, of the words in it. Of a pull request that is closed or has moved on there is none.
    """
    from generator.cli import _github_writing
    from generator.github.upload import Run

    return _github_writing.commented(folder, Run(**values), run_url)


@command.command("code-scanning")
@click.argument("folder", type=_FOLDER)
@_run_options
@click.option(
    "--root", type=click.Path(file_okay=False, path_type=Path), default=Path(), show_default=".",
    help="The project's folder in the repository, for which the review was.",
)  # fmt: skip
def code_scanning(folder: Path, root: Path, **values: str) -> int:
    """Upload what `review` has found to GitHub's code scanning, as an analysis of the pull request's head.

    FOLDER may come from a fork: as for `comment`, and the SARIF is made here, of the words in it.
    """
    from generator.cli import _github_writing
    from generator.github.upload import Run

    return _github_writing.scanned(folder, Run(**values), root)


@command.command("plan")
@click.argument("file", type=_FILE)
def plan(file: Path) -> int:
    """Tell the next jobs what a plan FILE holds: `digest`, `desired-digest` and `changes`, their number."""
    from generator.cli import _github_plan

    return _github_plan.told(file)


@command.command("record")
@click.argument("file", type=_FILE)
@click.option("--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path(), show_default=".")
@click.option("--expect", metavar="DIGEST", required=True, help="The digest of the plan in FILE.")
def record(file: Path, root: Path, expect: str) -> int:
    """Push to origin that what is checked out is applied, where the plan in FILE had nothing to do.

    Asks no Datadog and needs no key. What the plan has told as drift stays drift.
    """
    from generator.cli import _github_plan

    return _github_plan.recorded(file, root, expect=expect)


@command.command("issue")
@click.argument("file", type=_FILE)
@click.option("--title", required=True, metavar="TEXT")
@click.option(
    "--exit-code", type=click.IntRange(0, 255), required=True, metavar="N",
    help="Of the command that has written FILE: with 0 the issue is over and closed, with another than 2 it failed.",
)  # fmt: skip
def issue(file: Path, title: str, exit_code: int) -> int:
    """Open, update or close the one issue that begins as FILE does, such as that of drift."""
    from generator.cli import _github_writing

    return _github_writing.issue_written(file, title, exit_code)
