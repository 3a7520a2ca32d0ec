"""Nothing a pull request can write makes reading raise, hang or blow up."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generator.source.documents import Document, load
from generator.source.encoding import SIZE_LIMIT


def _rules(document: Document) -> set[str]:
    return {finding.rule for finding in document.findings}


def _laughs(levels: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, levels)]
    return "\n".join(lines)


def _tower(levels: int) -> str:
    """Each alias nests twenty deep, so that the whole is deeper than any part of it."""
    lines = [f"a0: &a0 {'[' * 20}x{']' * 20}"]
    lines += [f"a{level}: &a{level} {'[' * 20}*a{level - 1}{']' * 20}" for level in range(1, levels)]
    return "\n".join(lines)


REFUSED = {
    "deep lists": ("[" * 100_000, "yaml-too-deep"),
    "deep mappings": ("{a: " * 100_000, "yaml-too-deep"),
    "deep braces": ("{" * 100_000, "yaml-too-deep"),
    "deep dashes": ("- " * 100_000, "yaml-too-deep"),
    "deep questions": ("? " * 100_000, "yaml-too-deep"),
    "deep blocks": ("\n".join(" " * depth + "a:" for depth in range(1500)), "yaml-too-deep"),
    "a billion laughs": (_laughs(12), "yaml-alias"),
    "a tower of aliases": (_tower(6), "yaml-alias"),
    "many directives": ("%TAG !a! b\n" * 100_000, "yaml-directive"),
    "many directives later": ("a: 1\n...\n" + "%TAG !a! b\n" * 100_000, "yaml-documents"),
    "many documents": ("---\n" * 100_000, "yaml-documents"),
    "many equal keys": ("a: 1\n" * 100_000, "yaml-too-many-problems"),
    "many tags": ("- !x y\n" * 100_000, "yaml-too-many-problems"),
    "many unknown aliases": ("- *x\n" * 100_000, "yaml-too-many-problems"),
    "many merge keys": ("- {<<: x}\n" * 100_000, "yaml-too-many-problems"),
    "many control characters": ("- \x07\n" * 100_000, "yaml-control-character"),
    "a long key": (f"{'k' * 100_000}: 1\n", "yaml-syntax"),
    "an open quote": ('a: "' + "x\n" * 100_000, "yaml-syntax"),
    "an open list": ("a: [" + "x, " * 100_000, "yaml-syntax"),
    "colons": ("a: " * 100_000, "yaml-syntax"),
    "a huge file": ("#" * (SIZE_LIMIT + 1), "yaml-too-large"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "rule"), REFUSED.values(), ids=REFUSED)
def test_hostile_text_is_refused(text: str, rule: str) -> None:
    document = load("x.yaml", text.encode())
    assert rule in _rules(document)
    assert len(document.findings) <= 101
    assert max(len(finding.message + finding.hint) for finding in document.findings) < 400


READ = {
    "fifty levels": "[" * 50 + "]" * 50,
    "many small values": "- 1\n" * 100_000,
    "a long text": "a: " + "x" * 1_000_000,
    "a long literal": "a: |\n" + "  x\n" * 100_000,
    "many comments": "# x\n" * 100_000 + "a: 1\n",
    "many blank lines": "\n" * 1_000_000 + "a: 1" + "\n" * 1_000_000,
    "many anchors": "\n".join(f"- &a{number} {number}" for number in range(50_000, 100_000)),
    "many aliases": "- &a 1\n" + "- *a\n" * 99_000,
}


@pytest.mark.parametrize("text", READ.values(), ids=READ)
def test_large_but_honest_text_is_read(text: str) -> None:
    document = load("x.yaml", text.encode())
    assert document.findings == ()
    assert document.root


def test_what_aliases_repeat_is_counted_over_the_whole_file() -> None:
    row = f"[{', '.join('x' for _ in range(999))}]"
    within = f"- &row {row}\n" + "- *row\n" * 100
    assert load("x.yaml", within.encode()).findings == ()
    assert _rules(load("x.yaml", (within + "- *row\n").encode())) == {"yaml-alias"}


YAML_TEXT = st.text(alphabet=" \n\t:-?[]{}&*!|>'\"%@`#,.~<ab01ex\\\r\ufeff\x85\u2028é", max_size=40)


def _walks(document: Document) -> None:
    """Every place of a document has a span in its text, and the root is JSON."""
    json.dumps(document.root, allow_nan=False)
    lines = document.text.count("\n") + document.text.count("\r") + 1
    open_values = [((), document.root)]
    while open_values:
        place, value = open_values.pop()
        for span in (document.span(place), document.key_span(place)):
            assert 1 <= span.line <= span.end_line <= lines
            assert (span.line, span.column) <= (span.end_line, span.end_column)
        assert document.line(place) == document.key_span(place).line
        if isinstance(value, str):
            document.span_within(place, 0, len(value))
        steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        open_values += [((*place, step), inner) for step, inner in steps]


@settings(derandomize=True, max_examples=1500, deadline=None)
@given(YAML_TEXT | st.text())
@example("? {a: 1}\n: b")
@example("a: &x\n  b: *x")
@example("&a a: *a")
def test_any_text_is_read_or_refused_with_places(text: str) -> None:
    document = load("x.yaml", text.encode())
    assert document.root is not None or document.findings
    _walks(document)


@settings(derandomize=True, max_examples=500, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_with_places(content: bytes) -> None:
    _walks(load("x.yaml", content))


WITHOUT_LIBYAML = """
import json, pathlib, sys, yaml
del yaml.CSafeLoader
from generator.source.documents import load
for path in sys.argv[1:]:
    document = load("x.yaml", pathlib.Path(path).read_bytes())
    print(json.dumps([document.root, [finding.span.line for finding in document.findings]]))
"""


def test_without_libyaml_the_same_files_are_read_and_the_same_lines_are_refused() -> None:
    paths = sorted(str(path) for path in (Path(__file__).parent / "bad").glob("*.yaml"))
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_LIBYAML, *paths], check=True, capture_output=True, text=True, encoding="utf-8"
    )
    slow = [json.loads(line) for line in done.stdout.splitlines()]
    documents = [load("x.yaml", Path(path).read_bytes()) for path in paths]
    assert slow == [[document.root, [finding.span.line for finding in document.findings]] for document in documents]


TEXT = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=8)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@settings(derandomize=True, max_examples=500, deadline=None)
@given(JSON.filter(lambda value: value is not None))
def test_json_is_read_as_yaml(value: object) -> None:
    document = load("x.yaml", json.dumps(value, ensure_ascii=False).encode())
    assert document.root == value or _rules(document) == {"yaml-ambiguous-number"}
