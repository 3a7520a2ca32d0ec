"""A plan in the format that was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.cli._exits import USAGE, Stop

if TYPE_CHECKING:
    from generator.cli._planning import Planned

FORMATS = ("text", "markdown", "json")


def refuse_format(output: str) -> None:
    """Stop before Datadog is asked."""
    if output not in FORMATS:
        hint = f"compare with a git revision: --base REV --format {output}; or see `toban lint --format {output}`"
        raise Stop(f"`--format {output}` shows what a review is about, on lines of the YAML", hint=hint, code=USAGE)


def show_plan(made: Planned, output: str, *, limit: int) -> None:
    from generator.cli._console import show

    show(_reported(made, output, limit).rstrip("\n"))


def _reported(made: Planned, output: str, limit: int) -> str:
    from generator.cli import _judging
    from generator.cli._console import width
    from generator.cli._target import described

    if output == "json":
        from generator.report.plan_json import plan_json

        return plan_json(made.plan)
    if output == "markdown":
        from generator.report.plan_markdown import plan_markdown

        return plan_markdown(made.plan, target=described(made.target))
    from generator.report.plan_text import plan_text

    return plan_text(made.plan, target=described(made.target), limit=limit, width=width(), style=_judging.style())
