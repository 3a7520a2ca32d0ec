"""`toban backtest`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli._exits import OK, PROBLEM
from generator.cli._options import format_option, setting_options, target_options, within_option

if TYPE_CHECKING:
    from generator.backtest.model import Backtest


@click.command("backtest")
@click.argument("names", nargs=-1, metavar="[MONITOR]...")
@click.option("--from", "since", metavar="TIME", help="A day, a local time, or how long before the end: `7d`.")
@click.option("--to", "until", metavar="TIME", help="As `--from`; now by default. A day is its first moment.")
@click.option(
    "--history", multiple=True, type=click.Path(path_type=Path), metavar="FILE",
    help="Points in CSV or Parquet, or answers of the query API in JSON; may be given again.",
)  # fmt: skip
@click.option("--base", metavar="REV", help="Compare with the monitors as they are at a git revision.")
@target_options
@click.option(
    "--requests", type=click.IntRange(0, 100_000), default=500, show_default=True, metavar="N",
    help="Send at most so many requests; monitors that need more are listed, and the next run goes on.",
)  # fmt: skip
@click.option(
    "--flapping", type=click.IntRange(1, 1440), default=30, show_default=True, metavar="MINUTES",
    help="An alert flaps that is back so soon after the last one of its group ended.",
)  # fmt: skip
@click.option(
    "--rollup", type=click.IntRange(1, 86_400), metavar="SECONDS",
    help="How long buckets are where a query names none; by default one for each evaluation.",
)  # fmt: skip
@click.option(
    "--interpolation", type=click.Choice(["datadog", "none"]), default="datadog", show_default=True,
    help="Whether the query API closes gaps between sources.",
)  # fmt: skip
@setting_options
@within_option
@click.option("--no-cache", is_flag=True, help="Render and pull everything anew.")
@click.option("--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path(), show_default=".")
@format_option("text", "json", "markdown", "html")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the output to a file.")
def command(output: str, out: Path | None, **values: Any) -> int:
    """Say how often monitors would have alerted, when, for how long, and who would have been told.

    MONITOR is a tracking id or its end, such as usage-dashboard/api-cpu/production or api-cpu; without any, all
    monitors, with `--base` those that differ. Exits with 1 where nothing could be back-tested.
    """
    from datetime import UTC, datetime

    from generator.cli._backtest_request import Request
    from generator.cli._backtesting import backtest
    from generator.cli._console import show, tell
    from generator.cli._files import write_file

    found = backtest(Request(**values, is_drawn=output == "html"), datetime.now(UTC))
    told = _told(found, output, is_for_a_file=out is not None)
    if out is None:
        show(told.rstrip("\n"))
    else:
        write_file(out, told)
        tell(f"written to {out}: {len(found.run):,} of {len(found.monitors):,} monitors were back-tested")
    return PROBLEM if found.monitors and not found.run else OK


def _told(found: Backtest, output: str, *, is_for_a_file: bool) -> str:
    from generator.cli import _judging
    from generator.cli._console import width
    from generator.report.style import PLAIN

    if output == "json":
        from generator.report.backtest_json import backtest_json

        return backtest_json(found)
    if output == "markdown":
        from generator.report.backtest_markdown import backtest_markdown

        return backtest_markdown(found)
    if output == "html":
        from generator.report.backtest_html import backtest_html

        return backtest_html(found)
    from generator.report.backtest_text import backtest_text

    return backtest_text(found, width=width(), style=PLAIN if is_for_a_file else _judging.style())
