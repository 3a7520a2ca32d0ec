"""A document knows where each value and key stands, and what a file holds."""

from __future__ import annotations

import pytest

from generator.finding import Span
from generator.source.documents import Document, Place, load

TEXT = """\
# a comment
team: data   # another
environments: [staging, "production"]
monitors:
  api-cpu:
    kind: fargate_cpu
    thresholds: {warning: 75, critical: 90}
    empty:
    message: |
      Failed for {{stage.name}}
        in << environment.name >>.

      Bye.
    folded: >
      one
      two
    plain: first
      second
    escaped: "tab \\t here"
    quoted: 'say "hi"'
    doubled: 'it''s'
    list:
      - first
      - key: value
        other: 日本語 text

  # the end
last: &anchor some text
copy: *anchor
"""


@pytest.fixture(scope="module")
def document() -> Document:
    document = load("monitors/x.yaml", TEXT.encode())
    assert document.findings == ()
    return document


def _marked(span: Span, text: str = TEXT) -> str:
    """The text between the places of the span."""
    lines = text.splitlines(keepends=True)
    start = sum(map(len, lines[: span.line - 1])) + span.column - 1
    end = sum(map(len, lines[: span.end_line - 1])) + span.end_column - 1
    return text[start:end]


VALUES: list[tuple[Place, str]] = [
    (("team",), "data"),
    (("environments",), '[staging, "production"]'),
    (("environments", 1), '"production"'),
    (("monitors", "api-cpu", "thresholds"), "{warning: 75, critical: 90}"),
    (("monitors", "api-cpu", "thresholds", "critical"), "90"),
    (("monitors", "api-cpu", "empty"), "empty"),
    (("monitors", "api-cpu", "folded"), ">\n      one\n      two"),
    (("monitors", "api-cpu", "plain"), "first\n      second"),
    (("monitors", "api-cpu", "list", 0), "first"),
    (("monitors", "api-cpu", "list", 1), "key: value\n        other: 日本語 text"),
    (("monitors", "api-cpu", "list", 1, "other"), "日本語 text"),
    (("last",), "&anchor some text"),
    (("copy",), "*anchor"),
]


@pytest.mark.parametrize(("place", "text"), VALUES, ids=str)
def test_span_marks_the_value(document: Document, place: Place, text: str) -> None:
    assert _marked(document.span(place)) == text


KEYS: list[tuple[Place, str]] = [
    (("team",), "team"),
    (("monitors",), "monitors"),
    (("monitors", "api-cpu"), "api-cpu"),
    (("monitors", "api-cpu", "thresholds", "critical"), "critical"),
    (("monitors", "api-cpu", "list", 1, "other"), "other"),
    (("monitors", "api-cpu", "list", 0), "first"),
    (("copy",), "copy"),
]


@pytest.mark.parametrize(("place", "text"), KEYS, ids=str)
def test_key_span_marks_the_key(document: Document, place: Place, text: str) -> None:
    assert _marked(document.key_span(place)) == text


MISSING: list[tuple[Place, str]] = [
    (("nowhere",), "team: data   # another"),
    (("monitors", "other"), "monitors"),
    (("monitors", "api-cpu", "runs", "from"), "api-cpu"),
    (("monitors", "api-cpu", "list", 7), "list"),
    (("monitors", "api-cpu", "list", 1, "third"), "key: value"),
    (("team", "too", "deep"), "team"),
]


@pytest.mark.parametrize(("place", "text"), MISSING, ids=str)
def test_missing_place_is_shown_where_it_would_belong(document: Document, place: Place, text: str) -> None:
    assert _marked(document.span(place)) == text
    assert _marked(document.key_span(place)) == text


@pytest.mark.parametrize("place", [place for place, _ in VALUES + KEYS + MISSING], ids=str)
def test_line_is_that_of_the_key(document: Document, place: Place) -> None:
    assert document.line(place) == document.key_span(place).line


def test_line_of_a_block_value_is_that_of_its_key(document: Document) -> None:
    assert document.line(("monitors", "api-cpu")) == 5
    assert document.line(("monitors", "api-cpu", "message")) == 9
    assert document.line(("monitors", "api-cpu", "list", 1)) == 24


WITHIN: list[tuple[Place, str]] = [
    (("team",), "at"),
    (("environments", 1), "product"),
    (("monitors", "api-cpu", "quoted"), '"hi"'),
    (("monitors", "api-cpu", "message"), "{{stage.name}}"),
    (("monitors", "api-cpu", "message"), "  in << environment.name >>"),
    (("monitors", "api-cpu", "message"), "Bye."),
    (("monitors", "api-cpu", "list", 1, "other"), "語 t"),
    (("last",), "some"),
]


@pytest.mark.parametrize(("place", "part"), WITHIN, ids=str)
def test_part_of_a_text_is_marked_in_the_file(document: Document, place: Place, part: str) -> None:
    start = _value(document, place).index(part)
    span = document.span_within(place, start, start + len(part))
    assert span is not None
    assert _marked(span) == part


def test_line_of_an_entry_of_a_list_is_its_first() -> None:
    document = load("a.yaml", b"use:\n  - set: web\n    as: x\n  - {set: db,\n     as: y}\n  - plain\nlast: 1\n")
    assert [document.line(("use", index)) for index in range(3)] == [2, 4, 6]


def test_part_over_lines_of_a_literal_text_is_marked_from_its_first_to_its_last_character(document: Document) -> None:
    place = ("monitors", "api-cpu", "message")
    value = _value(document, place)
    span = document.span_within(place, value.index("{{"), value.index("Bye") + 3)
    assert span is not None
    assert _marked(span).startswith("{{stage")
    assert _marked(span).endswith("\n\n      Bye")


@pytest.mark.parametrize("name", ["folded", "plain", "escaped", "doubled"])
def test_part_of_a_text_that_the_file_writes_differently_has_no_place(document: Document, name: str) -> None:
    assert document.span_within(("monitors", "api-cpu", name), 0, 1) is None


@pytest.mark.parametrize(
    "place", [("copy",), ("nowhere",), ("monitors",), ("monitors", "api-cpu", "thresholds", "warning")]
)
def test_part_of_no_text_of_its_own_has_no_place(document: Document, place: Place) -> None:
    assert document.span_within(place, 0, 1) is None


@pytest.mark.parametrize(("start", "end"), [(-1, 1), (2, 1), (0, 5)])
def test_part_outside_the_text_has_no_place(document: Document, start: int, end: int) -> None:
    assert document.span_within(("team",), start, end) is None


def _value(document: Document, place: Place) -> str:
    value = document.root
    for step in place:
        value = value[step]
    assert isinstance(value, str)
    return value


LITERALS = [
    "a: |\n  one\n  two\n",
    "a: |-\n    one\n    two\n",
    "a: |+\n one\n two\n\n\n",
    "a: |2\n    one\n   two\n",
    "a: | # comment\n  one\n\n  two\n",
    "a: |\n\n\n  one\n  two   \n",
    "a: |\r\n  one\r\n  two\r\n",
    "a: |\n  one\n    two",
    "- a: |\n    one\n    two\n",
    "a: &x |\n  one\n  two\n",
]


@pytest.mark.parametrize("text", LITERALS)
def test_each_word_of_a_literal_text_is_found_again(text: str) -> None:
    document = load("x.yaml", text.encode())
    place: Place = (0, "a") if text.startswith("-") else ("a",)
    value = _value(document, place)
    for word in ("one", "two"):
        span = document.span_within(place, value.index(word), value.index(word) + len(word))
        assert span is not None
        assert _marked(span, text) == word


def test_byte_order_mark_is_no_part_of_the_first_line() -> None:
    document = load("x.yaml", "\ufeffteam: data\n".encode())
    assert (document.root, document.findings) == ({"team": "data"}, ())
    assert document.key_span(("team",)) == Span("x.yaml", 1, 1, 1, 5)


def test_document_with_markers_around_it_is_read() -> None:
    document = load("x.yaml", b"---\nteam: data\n...\n# the end\n")
    assert (document.root, document.findings) == ({"team": "data"}, ())


def test_alias_stands_for_the_value_of_its_anchor() -> None:
    document = load("x.yaml", b"a: &x {b: [1, 2]}\nc: *x\nd: [*x, *x]\n")
    assert document.findings == ()
    assert document.root == {"a": {"b": [1, 2]}, "c": {"b": [1, 2]}, "d": [{"b": [1, 2]}, {"b": [1, 2]}]}
    assert _marked(document.span(("c", "b", 1)), document.text) == "2"
    assert document.line(("c", "b")) == 1


def test_readable_rest_of_a_file_with_problems_is_given_for_further_judging() -> None:
    document = load("x.yaml", b"team: data\nteam: other\npriority: 010\nlimit: .inf\n3: x\nlist: [!tag 1]\n")
    assert document.root == {"team": "data", "priority": 10, "limit": 0.0, "list": [1]}
    assert len(document.findings) == 5


def test_first_of_equal_keys_wins_so_that_places_and_values_agree() -> None:
    document = load("x.yaml", b"a: {x: 1}\nb: 2\na: {y: 3}\n")
    assert document.root == {"a": {"x": 1}, "b": 2}
    assert document.span(("a", "x")).line == 1
