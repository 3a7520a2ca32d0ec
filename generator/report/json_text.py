"""JSON that never fails on text: a path or a YAML text may hold what UTF-8 cannot say."""

from __future__ import annotations

import json

import msgspec


def json_text(value: object) -> str:
    """Plain values as one line of JSON; a lone surrogate, as in a file name of other bytes than UTF-8, is escaped."""
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"), ensure_ascii=True)
