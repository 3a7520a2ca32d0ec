"""The files of a new repository: what `toban init` writes.

`files/` holds them as they become, under names without leading dots; it knows no folder and writes nothing. Start
reading at `starting.py`.
"""
