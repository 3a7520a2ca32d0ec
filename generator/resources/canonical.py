"""One text for equal JSON values, whatever the order of their keys."""

from __future__ import annotations

import json

import msgspec

_encoder = msgspec.json.Encoder(order="deterministic")


def canonical(value: object) -> bytes:
    """JSON with sorted keys. Raises RecursionError where the value is nested too deeply."""
    try:
        return _encoder.encode(value)
    except (OverflowError, UnicodeEncodeError):  # an integer beyond 64 bits, half of a surrogate pair
        return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
