"""Datadog's message language: tree, printer, renderer, handles; and how our own messages are put together.

It knows no monitor and no query; time zones and the words of an alert are handed to it. Start reading at `nodes.py`,
then `parser.py`; `vocabulary.py` has the language's words.
"""
