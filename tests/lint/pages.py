"""The pages of docs/rules, from the docstrings of the rules and from their cases. `make pages` writes them."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

from generator.lint.rule import Rule, rules
from generator.lint.told_elsewhere import EXPLAINED

ROOT = Path(__file__).parent.parent.parent
PAGES = ROOT / "docs" / "rules"
CASES = Path(__file__).parent / "cases"
MOST_CASES = 3
REACHES = {
    "resource": "Judges each monitor by itself.",
    "file": "Judges the monitors of a service together.",
    "repository": "Judges all monitors together.",
    "online": "Judges what Datadog answers about monitors that would change.",
}
INDEX = """\
# Rules

What `toban lint` knows. An error stops a sync, a warning and a notice do not. `toban lint --explain RULE` prints a page
without its examples; [lint.md](../lint.md) tells how to suppress a finding and how to begin in an old repository.

| rule | severity | |
|---|---|---|
"""
TOLD_ELSEWHERE = """
## Told in reading and rendering
What cannot be read or rendered stops everything that needs it, and cannot be suppressed.

| name | |
|---|---|
"""


def pages() -> dict[str, str]:
    """Name of the file → what it says."""
    rows = (f"| [{rule.name}]({rule.name}.md) | {rule.severity.value} | {rule.why} |\n" for rule in rules())
    told = (f"| {name} | {text} |\n" for name, text in EXPLAINED.items())
    index = INDEX + "".join(rows) + TOLD_ELSEWHERE + "".join(told)
    return {"README.md": index, **{f"{rule.name}.md": _page(rule) for rule in rules()}}


def _page(rule: Rule) -> str:
    cases = sorted((CASES / rule.name.replace("-", "_")).glob("*.yaml"))
    bad = [case for case in cases if case.name.startswith("bad")][:MOST_CASES]
    ok = [case for case in cases if case.name.startswith("ok")][:MOST_CASES]
    types = f" Of the types {', '.join(f'`{each}`' for each in sorted(rule.types))}." if rule.types else ""
    reach = f"Judges each {_listed(sorted(rule.resources))} by itself." if rule.resources else REACHES[rule.reach]
    parts = [
        f"# {rule.name}\n\n**{rule.severity.value}.** {reach}{types}\n\n{rule.documentation}\n",
        "## Found\nMonitors as they are rendered, and what is told of them.\n",
        *(f"{_yaml(case)}\n```\n{case.with_suffix('.out').read_text()}```\n" for case in bad),
        "## Left alone\n",
        *(f"{_yaml(case)}\n" for case in ok),
        "## Where it does not matter\nSay so on the line, or on the line of the monitor's name, and why:\n",
        f"```yaml\n# toban: ignore[{rule.name}] until 2027-01-31: reason\n```\n",
    ]
    return "\n".join(parts)


def _listed(names: list[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def _yaml(case: Path) -> str:
    return f"```yaml\n{case.read_text()}```"


if __name__ == "__main__" and "--write" in sys.argv:
    PAGES.mkdir(exist_ok=True)
    wanted = pages()
    for old in PAGES.glob("*.md"):
        if old.name not in wanted:
            old.unlink()
    for name, text in wanted.items():
        (PAGES / name).write_text(text, encoding="utf-8")
    gc.freeze()
