"""Project files → rendered resources and findings; every command starts here.

It knows inheritance, sets, templates and which kind renders what; it must not touch the network, the clock or the
environment. Start reading at `renderer.py`.
"""
