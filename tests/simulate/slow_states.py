"""A second reading of the state machine: one group, evaluation by evaluation, in plain Python.

Written from https://docs.datadoghq.com/monitors/configuration/, .../monitors/notify/#renotify and
https://docs.datadoghq.com/monitors/downtimes/, apart from the package.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import eq, ge, gt, le, lt, ne
from typing import Any

COMPARE: dict[str, Callable[[float, float], bool]] = {">": gt, ">=": ge, "<": lt, "<=": le, "==": eq, "!=": ne}
DAY = 1440
Evaluation = float | None


@dataclass
class SlowGroup:
    """Minutes everywhere. `counts` is whether the query counts; `window` how long its window is.

    With `has_default`, default_zero() puts 0 where there is no point, which neither begins a group nor keeps it.
    """

    options: dict[str, Any]
    comparator: str
    window: int
    counts: bool
    downtimes: Sequence[dict[str, Any]] = ()
    settings: dict[str, Any] = field(default_factory=dict)
    is_grouped: bool = True
    has_default: bool = False

    def play(self, values: Sequence[Evaluation]) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
        """Transitions (minute, before, after) and notifications (minute, after, kind, muted)."""
        self.state, self.told, self.silent = "OK", "OK", False
        self.transitions: list[tuple[Any, ...]] = []
        self.sent: list[tuple[Any, ...]] = []
        self.evaluated, self.gap_start, self.missed, self.resolved = False, None, False, False
        self.first_alert, self.last_told, self.reminders = 0, 0, 0
        known, born, silent_since = False, None, None
        for minute, value in enumerate(values):
            if value is not None:
                if not known and minute:
                    born = minute
                known, silent_since = True, None
            elif known and silent_since is None:
                silent_since = minute
            if self.is_grouped and known and silent_since is not None and minute - silent_since >= DAY:
                known = False
            is_put = self.has_default and self.settings["default_zero_alone"] == "value"
            self._evaluate(minute, 0.0 if value is None and is_put else value, known=known, born=born)
        return self.transitions, self.sent

    def _evaluate(self, minute: int, value: Evaluation, *, known: bool, born: int | None) -> None:
        if self.is_grouped and not known:
            if self.state != "OK":
                self.transitions.append((minute, self.state, "OK"))
            self.state, self.told, self.silent, self.evaluated = "OK", "OK", False, False
            self._data_is_back()
        elif self.is_grouped and born is not None and minute - born < self._new_group_minutes():
            self._data_is_back()
        elif value is None and not self._is_zero():
            self._without_data(minute)
        else:
            self._data_is_back()
            self.evaluated = True
            self._change(minute, self._judge(0.0 if value is None else value))
        self._downtime_ends(minute)
        self._remind(minute)

    def _new_group_minutes(self) -> float:
        return self.options.get("new_group_delay", 60) / 60

    def _is_zero(self) -> bool:
        if not self.counts:
            return False
        if "on_missing_data" in self.options:
            return self.options["on_missing_data"] == "default"
        return not self.options.get("notify_no_data") and self.settings["older_missing_data"] == "zero"

    def _judge(self, value: float) -> str:
        limits, compare = self.options["thresholds"], COMPARE[self.comparator]
        recovers = self.comparator in (">", ">=", "<", "<=")
        if compare(value, limits["critical"]):
            return "Alert"
        lasting = limits.get({"Alert": "critical_recovery", "Warn": "warning_recovery"}.get(self.state, ""))
        lasts = recovers and lasting is not None and compare(value, lasting)
        if self.state == "Alert" and lasts:
            return "Alert"
        if "warning" in limits and (compare(value, limits["warning"]) or (self.state == "Warn" and lasts)):
            return "Warn"
        return "OK"

    def _data_is_back(self) -> None:
        self.gap_start, self.missed, self.resolved = None, False, False

    def _without_data(self, minute: int) -> None:
        if not self.evaluated:
            return
        if self.gap_start is None:
            self.gap_start = minute
        lasted = minute - self.gap_start
        policy, older = self.options.get("on_missing_data"), self.settings["older_missing_data"]
        notifies = bool(self.options.get("notify_no_data"))
        wanted = self.options.get("no_data_timeframe", self.settings["no_data_windows"] * self.window)
        after = max(0, wanted - self.window)
        if not self.missed:
            if policy == "resolve":
                self.missed = True
                self._change(minute, "OK")
            elif policy in ("show_no_data", "show_and_notify_no_data"):
                self.missed = True
                self._change(minute, "No Data", silent=policy == "show_no_data")
            elif policy is None and (notifies or older == "show") and lasted >= after:
                self.missed = True
                self._change(minute, "No Data", silent=not notifies)
        hours = self.options.get("timeout_h", 0)
        if hours and not self.resolved and lasted >= hours * 60:
            self.resolved = True
            if self.state in ("Alert", "Warn") or self.settings["auto_resolve"] == "any_state":
                self._change(minute, "OK")

    def _change(self, minute: int, state: str, *, silent: bool = False) -> None:
        if state == self.state:
            return
        before, was_silent = self.state, self.silent
        if before == "OK":
            self.first_alert = minute
        self.transitions.append((minute, before, state))
        self.state, self.silent, self.last_told, self.reminders = state, silent, minute, 0
        if silent:
            return
        if was_silent and state == self.told and (state == "OK" or self.settings["alert_after_silent_gap"] != "told"):
            return
        muted = self._tell(minute, "change")
        if state == "OK" or not muted:
            self.told = state

    def _tell(self, minute: int, kind: str) -> bool:
        holding = self._holding(minute)
        muted = bool(holding)
        if self.state == "OK" and self.told != "OK" and not any(each["mute_first"] for each in holding):
            muted = False
        self.sent.append((minute, self.state, kind, muted))
        return muted

    def _holding(self, minute: int) -> list[dict[str, Any]]:
        return [each for each in self.downtimes if each["start"] <= minute < each["end"]]

    def _downtime_ends(self, minute: int) -> None:
        """Those that start and end between two evaluations do not occur here."""
        named = {state for each in self.downtimes if each["end"] == minute for state in each["states"]}
        was_told = any(sent[0] == minute and not sent[3] for sent in self.sent[-1:])
        if self.state in named and not self.silent and not self._holding(minute) and not was_told:
            self._tell(minute, "end")
            self.told, self.last_told = self.state, minute

    def _remind(self, minute: int) -> None:
        every = self.options.get("renotify_interval", 0)
        statuses = self.options.get("renotify_statuses", ["alert", "no data"])
        if not every or self.state.lower() not in statuses or self.silent:
            return
        if self.reminders >= self.options.get("renotify_occurrences", 10**9) or minute - self.last_told < every:
            return
        hours = self.settings["renotify_for_hours"]
        if hours is not None and minute - self.first_alert > hours * 60:
            return
        self._tell(minute, "again")
        self.last_told, self.reminders = minute, self.reminders + 1
