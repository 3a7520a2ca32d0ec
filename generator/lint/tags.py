"""Tags as Datadog writes them: https://docs.datadoghq.com/getting_started/tagging/#define-tags."""

from __future__ import annotations

import functools
import re
from typing import Final

LONGEST_TAG: Final = 200
_STRANGE = re.compile(r"[^\w:./-]")
_BEFORE_LETTER = re.compile(r"^[\W\d_]+")


@functools.lru_cache(maxsize=4096)
def normal_tag(tag: str) -> str:
    """The tag as metrics, logs and hosts would carry it; empty where nothing is left."""
    written = _BEFORE_LETTER.sub("", _STRANGE.sub("_", tag.lower()))
    return written[:LONGEST_TAG].rstrip(":")
