"""Digests by which a plan is recognised. They hold no time, and no order in which things were found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

import msgspec

from generator.plan.model import Change

_encoder = msgspec.json.Encoder(order="deterministic")


def canonical(value: object) -> bytes:
    """JSON with sorted keys. Raises RecursionError where the value is nested too deeply."""
    try:
        return _encoder.encode(value)
    except (OverflowError, UnicodeEncodeError):  # an integer beyond 64 bits, half of a surrogate pair
        return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def digest(changes: Iterable[Change]) -> str:
    """Cover what would be done: tracking id, action, state before and after."""
    return _hashed(
        canonical((change.tracking_id, change.resource, change.action.value, change.before, change.after))
        for change in changes
    )


def desired_digest(payloads: Iterable[tuple[str, str, bytes]]) -> str:
    """Cover what was rendered: tracking id, resource and canonical payload of each."""
    return _hashed(b'["%b","%b",%b]' % (name.encode(), kind.encode(), payload) for name, kind, payload in payloads)


def _hashed(lines: Iterable[bytes]) -> str:
    return hashlib.sha256(b"\n".join(sorted(lines))).hexdigest()
