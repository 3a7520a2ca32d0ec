"""Findings, plans and outcomes as text, Markdown and JSON.

It turns values into text and prints nothing itself. It must not know how a plan was made or carried out.
Start reading at `plan_text.py`.
"""
