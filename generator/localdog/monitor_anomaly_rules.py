"""What the server refuses about a monitor of anomalies, whose thresholds are shares of two windows."""

from __future__ import annotations

from generator.localdog.monitor_draft import Draft
from generator.localdog.monitor_limits import bad_value, hours_of
from generator.localdog.organisation import Json

RECOVERY = "critical_recovery"
AMBIGUOUS = (
    "alert and alert recovery criteria are such that the monitor can be simultaneously in alert and alert "
    "recovery states"
)


def anomaly_share_out_of_range(draft: Draft) -> str | None:
    share = draft.reading.threshold
    if "anomalies" not in draft.reading.functions or share is None or 0 <= share <= 1:
        return None
    return bad_value("query")


def other_alert_window(draft: Draft) -> str | None:
    windows = draft.option("threshold_windows") or {}
    trigger, queried = windows.get("trigger_window"), draft.reading.alert_window
    if not windows or queried is None or trigger == queried:
        return None
    return "alert window query arg must match trigger window monitor option"


def ambiguous_anomaly_recovery(draft: Draft) -> str | None:
    """Shares of two windows can be above one threshold and below the other at once; only that it happens is known."""
    windows = draft.option("threshold_windows") or {}
    trigger, recovery = windows.get("trigger_window"), windows.get("recovery_window")
    if (
        "anomalies" not in draft.reading.functions
        or not _is_longer(recovery, trigger)
        or not draft.thresholds.get(RECOVERY)
    ):
        return None
    return AMBIGUOUS


def _is_longer(one: Json, other: Json) -> bool:
    """Vendors' monitors have shorter ones, which are taken to be no trouble."""
    hours = [hours_of(str(window).removeprefix("last_")) for window in (one, other)]
    return hours[0] is not None and hours[1] is not None and hours[0] > hours[1]
