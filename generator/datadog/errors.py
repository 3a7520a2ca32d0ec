"""What can go wrong between us and Datadog."""

from __future__ import annotations


class ApiError(Exception):
    """Base of all failures of a call. Its text never holds a key."""


class Rejected(ApiError):
    """Datadog understood the call and refused it: nothing was changed. `errors` are the server's words."""

    def __init__(self, status: int, errors: tuple[str, ...], *, call: str) -> None:
        super().__init__(f"{call} was refused with {status}: {'; '.join(errors) or 'no reason given'}")
        self.status = status
        self.errors = errors
        self.call = call


class Uncertain(ApiError):
    """A write got no answer that tells whether it happened (time-out, 5xx, broken connection): look before you repeat."""


class Unavailable(ApiError):
    """Datadog could not be reached, or not within the time that was given; nothing is known to have changed."""


class IncompleteList(ApiError):
    """A page of the live list is missing, so nothing can be decided on it."""
