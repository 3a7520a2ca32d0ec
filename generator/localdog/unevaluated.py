"""What the local Datadog does not evaluate, told in words."""

from __future__ import annotations


class NotEvaluated(Exception):  # noqa: N818 reads as what it says
    """The query asks for something that is not played here; the text names it."""

    def __init__(self, what: str) -> None:
        super().__init__(f"The local Datadog does not evaluate {what}")
