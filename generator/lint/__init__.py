"""Rules over rendered resources: what can be known before Datadog is asked.

One module a rule in `rules/`. A rule must not know the others. Start reading at `runner.py`; what then counts is in
`suppressing.py` (comments in the YAML) and `known.py` (a baseline, another revision), and `fixing.py` mends.
"""
