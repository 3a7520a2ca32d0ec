"""The commands: arguments in, exit code out.

The only package that prints, reads the environment or exits. One module a command; each imports what it needs when it
runs, so that `toban --help` stays instant. It knows no rule of Datadog. Start reading at `__init__.py`, then `plan.py`.
"""
