"""Datadog's message language: handles and conditionals.

It knows no monitor and no query. Start reading at `conditionals.py`.
"""
