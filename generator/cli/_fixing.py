"""`toban lint --fix`: the safe fixes of findings, written to the files they are in."""

from __future__ import annotations

import difflib
import os
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from pathlib import Path

from generator.cli._console import tell
from generator.cli._exits import Stop
from generator.cli._linting import Verdict
from generator.finding import Fix
from generator.lint.fixing import fixed
from generator.report.findings_text import counted
from generator.report.visible import visible

_MOST_ROUNDS = 10
"""Calls are nested less deep than that by people."""


def diff(verdict: Verdict) -> str:
    """What `mend` would change, as a unified diff."""
    lines: list[str] = []
    for path, before, after, _ in _changes(verdict):
        old, new = (text.decode(errors="replace").splitlines() for text in (before, after))
        lines += difflib.unified_diff(old, new, f"a/{path}", f"b/{path}", lineterm="")
    return "\n".join(map(visible, lines)) or "Nothing can be mended safely."


def mend(root: Path, verdict: Verdict, again: Callable[[], Verdict]) -> Verdict:
    """Write the files with their findings mended, and look `again`: what stands inside another comes after that."""
    mended, files = 0, set[str]()
    for _ in range(_MOST_ROUNDS):
        changes = tuple(_changes(verdict))
        if not changes:
            break
        for path, before, after, count in changes:
            replace_file(root / path, before, after)
            mended, files = mended + count, files | {path}
        verdict = again()
    if mended:
        tell(f"mended {counted(mended, 'finding', 'findings')} in {counted(len(files), 'file', 'files')}")
    else:
        tell("nothing could be mended safely")
    return verdict


def _changes(verdict: Verdict) -> Iterator[tuple[str, bytes, bytes, int]]:
    """Path, content as read, content mended, and how many findings that mends."""
    by_path: dict[str, list[Fix]] = {}
    for finding in verdict.found.findings:
        if finding.fix:
            by_path.setdefault(finding.fix.span.path, []).append(finding.fix)
    for path, fixes in by_path.items():
        before = verdict.found.files[path]
        made = fixed(path, before, fixes)
        if made.count:
            mark = BOM_UTF8 if before.startswith(BOM_UTF8) else b""
            yield path, before, mark + made.text.encode(), made.count


def replace_file(path: Path, before: bytes, after: bytes) -> None:
    """At once, with the same permissions; a link stays one. Not where somebody wrote the file meanwhile."""
    real = Path(os.path.realpath(path))
    if real.read_bytes() != before:
        raise Stop(f"`{path}` has changed since it was read", hint="call it again")
    partial = real.with_name(f".{real.name}.{os.getpid()}.toban")
    try:
        partial.write_bytes(after)
        partial.chmod(real.stat().st_mode)
        partial.replace(real)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise Stop(f"`{path}` cannot be written: {error.strerror}", hint="see who may write there") from error
