"""What toban writes on GitHub: one comment on a pull request, and one issue about drift, each updated in place.

It knows GitHub's API and nothing of monitors: texts come from `report`. What a pull request's job has uploaded is taken
for what a stranger wrote. Start reading at `comment.py`.
"""
