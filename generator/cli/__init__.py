"""The commands: arguments in, exit code out.

The only package that prints, reads the environment or exits. One module a command; each imports what it needs when it
runs, so that `toban --help` stays instant. It knows no rule of Datadog. Start reading at `plan.py`.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import io
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

import generator.cli
from generator import registry
from generator.cli import _interrupts
from generator.cli._exits import BUG, INTERRUPTED, OK, PROBLEM, USAGE, Stop, bug_report
from generator.cli._secrets import concealed


class _Commands(click.Group):
    """One command a module of this package, imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(registry.module_names(generator.cli))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = importlib.import_module(f"generator.cli.{cmd_name}").command
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="toban", prog_name="toban")
def toban() -> None:
    """Monitoring as code for Datadog that shows what an alert will do before it is merged."""


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command: 0 done, 1 findings or failures, 2 changes pending, 64 usage, 70 our bug, 130 interrupted."""
    try:
        return int(toban.main(args=arguments, prog_name="toban", standalone_mode=False) or 0)
    except (click.ClickException, Stop) as error:
        return _told(error)
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except (BrokenPipeError, SystemExit):
        # The reader of our output, such as `head`, has gone: say nothing, and keep Python from flushing once more.
        # click knows a closed pipe too, and exits with 1; nothing else here exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except OSError as error:
        what = f"`{error.filename}`" if error.filename else "the output"
        _tell(f"{what} cannot be read or written: {error.strerror or type(error).__name__}")
        return PROBLEM
    except Exception as error:  # noqa: BLE001  the one place that turns a bug into an exit code
        click.echo(bug_report(error), err=True)
        return BUG


def _told(error: click.ClickException | Stop) -> int:
    if isinstance(error, Stop):
        _tell(str(error))
        return error.code
    written = io.StringIO()
    error.show(written)
    _tell(written.getvalue().rstrip("\n"))
    return USAGE if isinstance(error, click.UsageError) else PROBLEM


def _tell(text: str) -> None:
    """An argument that was no good is repeated in what is said of it, and may be a key."""
    click.echo(concealed(text), err=True)


def main() -> NoReturn:
    # The collector's last pass can crash where msgspec frees what it knows of its classes, on whatever way out
    # (https://github.com/msgspec/msgspec/issues/717).
    atexit.register(gc.freeze)
    _interrupts.end_in_order()
    code = run()
    _interrupts.end_at_once()
    # It may have come where Python only tells of an exception, such as while an object was freed.
    sys.exit(INTERRUPTED if code != OK and _interrupts.has_come() else code)
