"""What is odd about a query that parses."""

from __future__ import annotations

from msgspec import Struct

from generator.query.nodes import SourceRange


class Doubt(Struct, frozen=True):
    """Why Datadog may refuse a query or read it otherwise than meant: not known for sure, so that nothing stops it."""

    message: str
    span: SourceRange
    hint: str = ""
