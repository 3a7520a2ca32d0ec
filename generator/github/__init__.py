"""What toban writes on GitHub: one comment on a pull request, its analysis for code scanning, one issue about drift.

It knows GitHub's API and nothing of monitors: texts come from `report`. What a pull request's job has uploaded is taken
for what a stranger wrote. Start reading at `upload.py`.
"""
