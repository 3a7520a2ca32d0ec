"""What a resource of any type is or does, in sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from generator.explain.downtime_words import explain_downtime
from generator.explain.slo_words import explain_slo
from generator.explain.words import explain_monitor

_WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "downtime": explain_downtime,
    "monitor": explain_monitor,
    "slo": explain_slo,
}


def explain_resource(resource: str, payload: Mapping[str, Any]) -> str:
    """Empty for a type that can only be shown, and for a payload that says nothing."""
    return _WORDS[resource](payload) if resource in _WORDS else ""
