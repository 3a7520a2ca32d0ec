"""Desired and live → changes.

Pure: matching, diff, order, guards and digest. It must not know HTTP, files or the clock.
Start reading at `planner.py`.
"""
