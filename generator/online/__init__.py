"""Asks Datadog about monitors that would change: would it take them, whom can they tell, is there anything to watch.

It changes nothing in Datadog and nothing in a plan, and knows no rule: `lint` judges the answers. What cannot be asked
is said and is no failure. Start reading at `asking.py`.
"""
