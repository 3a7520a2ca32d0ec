"""Metric history through a monitor's payload: what each evaluation saw, which states followed, who was told when.

It knows queries, messages and schedules, and neither YAML nor the network: it takes payloads, so that live and raw
monitors are simulated too. What Datadog does not document is a field of `settings.py`; what cannot be told honestly is
refused by name. Start reading at `monitor.py`, then `evaluating.py`; what values lead to is in `course.py`. Composites
are in `composite.py`; `sensitivity.py` tells what depends on a setting.
"""
