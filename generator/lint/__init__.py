"""Rules over rendered resources: what can be known before Datadog is asked.

One module a rule in `rules/`. A rule must not know the others. Start reading at `runner.py`.
"""
