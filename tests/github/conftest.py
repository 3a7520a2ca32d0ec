from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.github.fake import GitHub, served


@pytest.fixture
def github() -> Iterator[GitHub]:
    with served() as one:
        yield one
