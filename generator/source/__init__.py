"""YAML text → typed values, with the place of each.

It knows YAML 1.2 and the shape of project files; it must not know any alert kind. Start reading at `documents.py`.
"""
