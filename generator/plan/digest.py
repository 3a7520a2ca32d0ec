"""Digests by which a plan is recognised. They hold no time, and no order in which things were found."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from generator.plan.model import Change
from generator.resources.canonical import canonical_or_escaped


def digest(changes: Iterable[Change]) -> str:
    """Cover what would be done: tracking id, action, state before and after."""
    return _hashed(
        canonical_or_escaped((change.tracking_id, change.resource, change.action.value, change.before, change.after))
        for change in changes
    )


def desired_digest(payloads: Iterable[tuple[str, str, bytes]]) -> str:
    """Cover what was rendered: tracking id, resource and canonical payload of each."""
    return _hashed(b'["%b","%b",%b]' % (name.encode(), kind.encode(), payload) for name, kind, payload in payloads)


def _hashed(lines: Iterable[bytes]) -> str:
    return hashlib.sha256(b"\n".join(sorted(lines))).hexdigest()
