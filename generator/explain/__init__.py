"""A monitor in words, when a problem at some hour is told, and what the kinds know of that.

Pure values and text from payloads and parameters; it must not know where they come from, nor any single kind. Start
reading at `words.py` for a payload in sentences, at `monitor.py` for what a kind gives and gets.
"""
