"""The short way to tell a plain tag agrees with what a tag is rewritten to."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from generator.lint.tags import LONGEST_TAG, are_plain, normal_tag

TAGS = st.text(st.sampled_from("aZ:0_-. é/\n"), min_size=1, max_size=6)


@settings(derandomize=True, max_examples=300)
@given(TAGS)
def test_what_is_plain_is_not_rewritten(tag: str) -> None:
    assert not are_plain([tag]) or normal_tag(tag) == tag


@settings(derandomize=True, max_examples=300)
@given(TAGS)
def test_what_is_rewritten_is_rewritten_once(tag: str) -> None:
    assert normal_tag(normal_tag(tag)) == normal_tag(tag)


def test_tag_is_plain_up_to_the_longest() -> None:
    assert are_plain(["a" * LONGEST_TAG, "b"])
    assert not are_plain(["a" * (LONGEST_TAG + 1)])
    assert len(normal_tag("a" * 1000)) == LONGEST_TAG


def test_tags_that_are_twice_or_no_text_are_not_plain() -> None:
    assert not are_plain(["a", "a"])
    assert not are_plain(["a", 1])
