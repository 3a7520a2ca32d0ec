"""What `toban github` writes with a token."""

from __future__ import annotations

import os
from pathlib import Path

from generator.cli._console import show, tell
from generator.cli._exits import OK, PENDING, PROBLEM, USAGE, Stop
from generator.github.client import GitHubRefused, Repository
from generator.github.comment import authorship, comment_on
from generator.github.issue import NoReport, Report, report_issue, settle_issue
from generator.github.upload import REVIEW, Run, Skipped, Upload, UploadRefused, read_upload


def commented(folder: Path, run: Run, address: str) -> int:
    try:
        upload = read_upload(folder)
        text, is_readable = _comment(upload, run, address)
        done = comment_on(_repository(), upload.number, text, run)
    except UploadRefused as error:
        raise Stop(f"no comment was written: {error}", hint="look at the run that made the upload") from error
    except GitHubRefused as error:
        raise Stop(f"no comment was written: {error}", hint="see the permissions of the job") from error
    show(f"no comment is needed: {done.why}" if isinstance(done, Skipped) else f"commented {done.address}")
    return OK if is_readable or isinstance(done, Skipped) else PROBLEM


def _comment(upload: Upload, run: Run, address: str) -> tuple[str, bool]:
    """The comment; where its review cannot be read one that says so, for an earlier one says what was true once."""
    from generator.report.review_comment import UnreadableReview, comment_markdown, read_review, unreadable_markdown
    from generator.report.visible import LONGEST_SENTENCE, short

    above = authorship(run)
    try:
        return comment_markdown(read_review(upload.review), above=above, address=address), True
    except UnreadableReview as error:
        tell(short(f"`{REVIEW}` is no review of toban's: {error}", LONGEST_SENTENCE))
        return unreadable_markdown(above=above), False


def scanned(folder: Path, run: Run, root: Path) -> int:
    from generator.cli import _lint_output
    from generator.github.code_scanning import upload_analysis
    from generator.report.review_comment import UnreadableReview, read_review, told_findings
    from generator.report.visible import LONGEST_SENTENCE, short

    try:
        upload = read_upload(folder)
        told = read_review(upload.review)
        category = f"toban/{told.workspace or 'unknown'}"
        sarif = _lint_output.sarif(told_findings(told), (), root, category=category)
        done = upload_analysis(_repository(), upload.number, sarif, run)
    except UnreadableReview as error:
        raise Stop(short(f"no analysis was uploaded: `{REVIEW}` is no review: {error}", LONGEST_SENTENCE)) from error
    except (UploadRefused, GitHubRefused) as error:
        raise Stop(f"no analysis was uploaded: {error}") from error
    show(f"no analysis is needed: {done.why}" if isinstance(done, Skipped) else f"uploaded the analysis {done.name}")
    return OK


def issue_written(file: Path, title: str, exit_code: int) -> int:
    if exit_code not in (OK, PENDING):
        raise Stop(f"no issue was written: the command before ended with {exit_code}", hint="see what it has told")
    try:
        text = file.read_text(encoding="utf-8")
        report = Report(" ".join(title.split())[:200], text)
    except (UnicodeDecodeError, NoReport) as error:
        what = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
        hint = "give what `toban drift --format markdown` has written"
        raise Stop(f"`{file}` is no report: {what}", hint=hint, code=USAGE) from error
    try:
        done = settle_issue(_repository(), report) if exit_code == OK else report_issue(_repository(), report)
    except GitHubRefused as error:
        raise Stop(f"no issue was written: {error}", hint="see the permissions of the job") from error
    show(done)
    return OK


def _repository() -> Repository:
    token = os.environ.get("GITHUB_TOKEN", "").strip()
    name = os.environ.get("GITHUB_REPOSITORY", "").strip()
    if not token or not name:
        missing = "GITHUB_REPOSITORY" if token else "GITHUB_TOKEN"
        raise Stop(f"{missing} is not set", hint="GitHub's workflows give both; the token by `env`", code=USAGE)
    return Repository(os.environ.get("GITHUB_API_URL") or "https://api.github.com", name, token)
