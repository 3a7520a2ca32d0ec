"""A monitor in words.

Pure text from payloads; it must not know where they come from. Start reading at `words.py`.
"""
