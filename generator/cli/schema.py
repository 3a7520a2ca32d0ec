"""`toban schema`."""

from __future__ import annotations

import json
from pathlib import Path

import click

NAMES = ("organization", "service", "set", "tests", "dashboards")


@click.command("schema")
@click.argument("name", required=False, type=click.Choice(NAMES))
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Write all of them to this folder.")
def command(name: str | None, out: Path | None) -> int:
    """Write the JSON Schema of the project files, for editors to complete and check.

    NAME picks one to print; --out writes each as NAME.schema.json.
    """
    from generator.cli._console import show, tell
    from generator.cli._files import write_file
    from generator.render.schema import project_schemas

    if (name is None) == (out is None):
        raise click.UsageError(f"name one of {', '.join(NAMES)}, or a folder with --out")
    texts = {
        each: json.dumps(schema, indent=2, ensure_ascii=False) + "\n" for each, schema in project_schemas().items()
    }
    if name:
        show(texts[name].rstrip("\n"))
    if out:
        for each, text in texts.items():
            write_file(out / f"{each}.schema.json", text)
            tell(f"wrote {out / each}.schema.json")
    return 0
