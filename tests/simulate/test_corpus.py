"""Real monitors of metrics can be simulated."""

from __future__ import annotations

import pytest

from tests.query.corpus_report import CORPUS
from tests.simulate.corpus_report import outcomes, share


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real queries, ../shared/corpus, is not on this machine")
def test_nearly_all_real_monitors_without_an_algorithm_are_simulated() -> None:
    found = outcomes()
    assert share(found) >= 0.95
    assert all(each.groups for each in found if not each.reason)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real queries, ../shared/corpus, is not on this machine")
def test_no_algorithm_is_simulated() -> None:
    assert all(each.reason for each in outcomes() if each.is_algorithm)
