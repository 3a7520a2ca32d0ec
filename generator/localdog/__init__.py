"""The local Datadog: an HTTP server with a real database, whose monitors change state on what is pushed to it.

Its rules of defaulting and rejecting are written apart from `resources` on purpose, so that "a plan after a sync is
empty" is not a tautology. It must not import what it is there to test; states come from `simulate` through `numeric`,
which nothing imports at the start. Start reading at `app.py`, then `monitors.py`; for states at `evaluating.py`.
"""
