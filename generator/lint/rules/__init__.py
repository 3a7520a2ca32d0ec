"""One module a lint rule; see `generator/lint/runner.py` for what a rule is."""
