"""Tags as Datadog writes them: https://docs.datadoghq.com/getting_started/tagging/#define-tags."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

LONGEST_TAG: Final = 200
_TEXT = frozenset((str,))
_PLAIN = re.compile(r"(?:[a-z][a-z0-9_./:-]{0,199}(?<!:)\n)*")
_STRANGE = re.compile(r"[^\w:./-]")
_BEFORE_LETTER = re.compile(r"^[\W\d_]+")


def are_plain(tags: Sequence[object]) -> bool:
    """Whether all of them plainly are as Datadog writes them, as nearly all are, and each is there once."""
    # The classes first: what is no text may have no hash.
    if not {*map(type, tags)} <= _TEXT or len(set(tags)) < len(tags):
        return False
    return _PLAIN.fullmatch("\n".join((*map(str, tags), ""))) is not None


def normal_tag(tag: str) -> str:
    """The tag as metrics, logs and hosts would carry it; empty where nothing is left."""
    written = _BEFORE_LETTER.sub("", _STRANGE.sub("_", tag.lower()))
    return written[:LONGEST_TAG].rstrip(":")
