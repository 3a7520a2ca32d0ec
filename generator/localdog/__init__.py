"""The local Datadog: an HTTP server with a real database.

Its rules of defaulting and rejecting are written apart from `resources` on purpose, so that "a plan after a sync is
empty" is not a tautology. It must not import what it is there to test. Start reading at `app.py`, then `monitors.py`.
"""
