"""Datadog's query languages: tokens, tree, parser, printer, function table.

It knows no monitor option, resource or file. Start reading at `nodes.py`.
"""
