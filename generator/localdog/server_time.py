"""What time it is on the server: the machine's, or one that was set and stands still until it is moved."""

from __future__ import annotations

from datetime import datetime


class ServerTime:
    def __init__(self) -> None:
        self.stands_at: datetime | None = None

    def stand(self, at: datetime) -> None:
        self.stands_at = at

    def go(self) -> None:
        """Follow the machine's clock again."""
        self.stands_at = None
