from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.explain.words import explain_monitor, field_words

HERE = Path(__file__).parent
CORPUS = HERE.parent.parent / "../shared/corpus/monitors.jsonl"


def lines(name: str) -> list[str]:
    return (HERE / name).read_text(encoding="utf-8").splitlines()


MONITORS = list(zip(lines("monitors.jsonl"), lines("monitors.txt"), strict=True))
CHANGES = [line.split("\t") for line in lines("field_words.tsv") if not line.startswith("#")]


@pytest.mark.parametrize(("payload", "sentences"), MONITORS, ids=[payload[:60] for payload, _ in MONITORS])
def test_a_monitor_is_told_in_plain_sentences(payload: str, sentences: str) -> None:
    assert explain_monitor(json.loads(payload)) == sentences


@pytest.mark.parametrize(("path", "before", "after", "words"), CHANGES, ids=["|".join(case[:3]) for case in CHANGES])
def test_a_field_change_is_told_in_words(path: str, before: str, after: str, words: str) -> None:
    told = field_words(tuple(path.split(".")), json.loads(before), json.loads(after))

    assert told == (None if words == "null" else words)


def test_every_monitor_of_the_corpus_is_told() -> None:
    if not CORPUS.exists():
        pytest.skip("the corpus of real monitors, ../shared/corpus, is not here")
    payloads = [json.loads(line)["json"] for line in CORPUS.read_text(encoding="utf-8").splitlines()]
    told = [explain_monitor(payload) for payload in payloads]

    assert [words for words in told if "\n" in words or "None" in words or "  " in words] == []
    assert sum(words.startswith("Alerts") for words in told) > 0.95 * len(told)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
OPTIONS = [
    *sorted({case[0].removeprefix("options.") for case in CHANGES if case[0].startswith("options.")}),
    "renotify_occurrences",
    "renotify_statuses",
    "scheduling_options",
    "thresholds",
    "variables",
]


@settings(max_examples=150, derandomize=True, deadline=None)
@given(options=JSON | st.dictionaries(st.sampled_from(OPTIONS), JSON))
def test_no_options_make_the_telling_fail(options: Any) -> None:
    payload = {"type": "query alert", "query": "avg(last_5m):avg:a.b{*} > 1", "options": options}

    assert explain_monitor(payload).startswith("Alerts when the average of `a.b` is above 1")


@settings(max_examples=300, derandomize=True, deadline=None)
@given(path=st.sampled_from(sorted({case[0] for case in CHANGES})), before=JSON, after=JSON)
def test_no_values_make_the_words_of_a_change_fail(path: str, before: Any, after: Any) -> None:
    told = field_words(tuple(path.split(".")), before, after)

    assert told is None or told
