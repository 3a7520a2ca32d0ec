"""One text for equal JSON values, whatever the order of their keys."""

from __future__ import annotations

import json

import msgspec

_encoder = msgspec.json.Encoder(order="deterministic")


def canonical(value: object) -> bytes:
    """JSON with sorted keys.

    Raises RecursionError where the value is nested too deeply, UnicodeEncodeError at half of a surrogate pair, which
    UTF-8 cannot say, and TypeError at a key that is no text.
    """
    try:
        return _encoder.encode(value)
    except OverflowError:  # an integer beyond 64 bits
        return _escaped(value)


def canonical_or_escaped(value: object) -> bytes:
    """The same, for what we did not write: halves of surrogate pairs are escaped."""
    try:
        return canonical(value)
    except UnicodeEncodeError:
        return _escaped(value)


def _escaped(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
