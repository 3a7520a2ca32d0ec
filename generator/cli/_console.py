"""The terminal: width, colour, and whether anybody is there. No key in use is printed, wherever it comes from."""

from __future__ import annotations

import os
import shutil
import sys

import click

from generator.cli._secrets import concealed


def is_coloured() -> bool:
    """Colour at a terminal only, and never with NO_COLOR (https://no-color.org)."""
    return (
        sys.stdout is not None
        and sys.stdout.isatty()
        and not os.environ.get("NO_COLOR")
        and os.environ.get("TERM") != "dumb"
    )


def width() -> int:
    return max(60, min(shutil.get_terminal_size((100, 24)).columns, 140))


def somebody_is_there() -> bool:
    return not os.environ.get("CI") and sys.stdin is not None and sys.stdin.isatty()


def show(text: str) -> None:
    """Print to stdout, with what the terminal cannot encode replaced."""
    if sys.stdout is None:
        return
    encoding = sys.stdout.encoding or "utf-8"
    click.echo(concealed(text).encode(encoding, "replace").decode(encoding), color=is_coloured())


def write(content: bytes) -> None:
    """Print to stdout letter for letter, and at once: a program reads it. Of a text click takes control sequences."""
    click.echo(os.fsencode(concealed(os.fsdecode(content))))


def tell(text: str) -> None:
    """Say something beside the output."""
    click.echo(concealed(text), err=True)
