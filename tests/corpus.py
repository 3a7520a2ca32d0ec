"""The recorded monitors and dashboards that lie beside the project, where they do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CORPUS = Path(__file__).parent.parent.parent / "shared" / "corpus"


def corpus_lines(name: str) -> Iterator[dict[str, Any]]:
    """The values of a file of JSON lines; skips the test where the corpus is absent."""
    path = CORPUS / name
    if not path.exists():
        pytest.skip(f"needs the recorded data in ../shared/corpus ({name}), which is not in this checkout")
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)
