"""One module an alert kind: typed parameters → monitors, queries built as trees.

A kind must not know the other kinds, files or layers. Start reading at `metric.py`.
"""
