"""Which handles wake people."""

from __future__ import annotations

from typing import Final

PAGING: Final = ("@incidentio", "@oncall", "@opsgenie", "@pagerduty", "@splunk-oncall", "@victorops", "@xmatters")
"""The services, as such handles start with them."""
_SERVICES: Final = frozenset(PAGING)
_TARGETS: Final = tuple(f"{service}-" for service in PAGING)


def is_paging(handle: str) -> bool:
    """Whether it names a service, alone or with a target; a mail address such as `@oncall-list@shop.com` does not."""
    lowered = handle.lower()
    return lowered in _SERVICES or (lowered.startswith(_TARGETS) and "@" not in lowered[1:])
