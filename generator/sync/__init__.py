"""Carries a plan out, crash-safe.

It knows the order of writes, the journal and the archive; it must not decide what to change: that is `plan`.
Start reading at `run.py`, then `executor.py`.
"""
