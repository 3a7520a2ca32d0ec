"""Coverage-guided fuzzing: `make fuzz`. Whatever the text, a tree or a problem inside it; and trees survive printing.

Seeds are the texts of the case files. atheris mutates the bytes; the first byte picks the monitor type.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["generator"]):
    from generator.explain.words import explain_monitor
    from generator.query.doubts import doubts
    from generator.query.parser import (
        GRAMMARS,
        SyntaxProblem,
        likely_type,
        parse_dashboard_query,
        parse_formula,
        parse_monitor,
        parse_scope,
    )
    from generator.query.printer import print_query

KINDS = sorted(GRAMMARS)
OTHERS = {"dashboard": parse_dashboard_query, "formula": parse_formula, "scope": parse_scope}
CASES = Path(__file__).parent / "cases"
INSIDE = "--inside"


def parsed(kind: str, text: str) -> object:
    return OTHERS[kind](text) if kind in OTHERS else parse_monitor(kind, text)


def try_one(data: bytes) -> None:
    kinds = [*KINDS, *OTHERS]
    kind = kinds[data[0] % len(kinds)] if data else kinds[0]
    text = data[1:].decode(errors="surrogateescape")
    tree = parsed(kind, text)
    if isinstance(tree, SyntaxProblem):
        assert 0 <= tree.start <= tree.end <= len(text), (kind, text, tree)
        assert (tree.message + tree.hint).isprintable(), (kind, text, tree)
        return
    assert text[slice(*tree.span)].strip() or kind in {"scope", "synthetics alert", "datadog-usage alert"}
    printed = print_query(tree)
    assert parsed(kind, printed) == tree, (kind, text, printed)
    assert print_query(parsed(kind, printed)) == printed, (kind, text, printed)
    if kind not in OTHERS:
        assert likely_type(text) in GRAMMARS
        for doubt in doubts(tree):
            assert 0 <= doubt.span[0] <= doubt.span[1] <= len(text), (kind, text, doubt)
        assert explain_monitor({"type": kind, "query": text})


def dictionary_line(word: str) -> str:
    """A word as libFuzzer's dictionaries write it."""
    return '"' + "".join(f"\\x{byte:02x}" for byte in word.encode()) + '"\n'


def seeds(folder: Path) -> None:
    kinds = [*KINDS, *OTHERS]
    texts = [path.read_text(encoding="utf-8").splitlines() for path in sorted(CASES.glob("*.tsv"))]
    for number, line in enumerate(line for lines in texts for line in lines if "\t" in line):
        kind, text = line.split("\t")[:2]
        if kind in kinds:
            plain = text.replace("⟦", "").replace("⟧", "")
            (folder / str(number)).write_bytes(bytes([kinds.index(kind)]) + plain.encode())


def fuzz(arguments: list[str]) -> None:
    atheris.Setup(arguments, try_one)
    atheris.Fuzz()


def fuzz_in_temporary_folder(arguments: list[str]) -> int:
    """Fuzz in a process of its own: libFuzzer ends it without a chance to tidy up."""
    with tempfile.TemporaryDirectory() as folder:
        found, given, dictionary = (Path(folder) / name for name in ("found", "given", "words.dict"))
        found.mkdir()
        given.mkdir()
        seeds(given)
        words = (CASES / "fragments.txt").read_text(encoding="utf-8").splitlines()
        dictionary.write_text("".join(map(dictionary_line, words)))
        command = [sys.executable, __file__, INSIDE, f"-dict={dictionary}", *arguments, str(found), str(given)]
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    if sys.argv[1:2] == [INSIDE]:
        fuzz([sys.argv[0], *sys.argv[2:]])
    sys.exit(fuzz_in_temporary_folder(sys.argv[1:]))
