"""What an evaluation's value means for a group: one byte of flags, the same for all that its state depends on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from generator.simulate.history import Values
from generator.simulate.monitor import COMPARISONS, Monitor

CRITICAL, WARNING, STILL_CRITICAL, STILL_WARNING, NO_DATA, SKIPPED, UNKNOWN, QUIET = 1, 2, 4, 8, 16, 32, 64, 128
# Datadog documents recovery of these only (https://docs.datadoghq.com/monitors/guide/recovery-thresholds/).
RECOVERING = frozenset((">", ">=", "<", "<="))
Flags = NDArray[np.uint8]


def flags(monitor: Monitor, values: Values) -> Flags:
    """Flags of each value; a value that is none has none of them, nor has one that is well."""
    if monitor.comparator not in RECOVERING or values.ndim != 2:
        return _flags(monitor, values)
    found = np.zeros(values.shape, np.uint8)
    worst = np.fmax.reduce(values, axis=1) if monitor.comparator in (">", ">=") else np.fmin.reduce(values, axis=1)
    some = _flags(monitor, worst) != 0
    # Most groups never come near a threshold.
    if some.any():
        found[some] = _flags(monitor, values[some])
    return found


def _flags(monitor: Monitor, values: Values) -> Flags:
    limits = monitor.thresholds
    found = _where(monitor, values, limits.critical, CRITICAL)
    if limits.warning is not None:
        found |= _where(monitor, values, limits.warning, WARNING)
    for recovery, limit, flag in (
        (limits.critical_recovery, limits.critical, STILL_CRITICAL),
        (limits.warning_recovery, limits.warning, STILL_WARNING),
    ):
        if recovery is not None and limit is not None and monitor.comparator in RECOVERING:
            found |= _where(monitor, values, recovery, flag)
        else:
            # Without a recovery threshold it recovers when the condition of the alert no longer holds.
            found |= (found & (flag >> 2)) << 2
    return found


def _where(monitor: Monitor, values: Values, bound: float, flag: int) -> Flags:
    """Recovery is judged as the alert is: `>` recovers at the recovery threshold itself, `>=` only below it."""
    found: Flags = COMPARISONS[monitor.comparator](values, bound).astype(np.uint8) * np.uint8(flag)
    return found
