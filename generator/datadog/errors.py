"""What can go wrong between us and Datadog."""

from __future__ import annotations


class ApiError(Exception):
    """Base of all failures of a call. Its text never holds a key."""


class UnusableTarget(ApiError):  # noqa: N818 - the name says what is known
    """The address or a key cannot be used as it was given; nothing was sent."""


class Rejected(ApiError):  # noqa: N818 - the name says what is known
    """Datadog understood the call and refused it: nothing was changed. `errors` are the server's words."""

    def __init__(self, status: int, errors: tuple[str, ...], *, call: str) -> None:
        super().__init__(f"{call} was refused with {status}: {'; '.join(errors) or 'no reason given'}")
        self.status = status
        self.errors = errors
        self.call = call


class InUse(Rejected):
    """Datadog does not delete what others refer to, unless it is forced to."""


class Uncertain(ApiError):  # noqa: N818 - the name says what is known
    """A write got no answer that tells whether it happened, such as a time-out or a 5xx: look before you repeat."""


class Unavailable(ApiError):  # noqa: N818 - the name says what is known
    """Datadog could not be reached, or not within the time that was given; nothing is known to have changed."""


class IncompleteList(ApiError):  # noqa: N818 - the name says what is known
    """A page of the live list is missing, so nothing can be decided on it."""
