"""What a monitor would have done over a stretch of the past: its alerts, who would have been told and when, its values.

It knows payloads, histories and business hours; not where a history came from, nor how it is shown. Start reading at
`model.py`, then `course.py`.
"""
