"""Which handles wake people."""

from __future__ import annotations

from typing import Final

PAGING: Final = ("@incidentio", "@oncall", "@opsgenie", "@pagerduty", "@splunk-oncall", "@victorops", "@xmatters")
"""What such handles start with."""
