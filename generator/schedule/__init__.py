"""Time zones, daylight saving, local times and windows.

Time is an argument, never read from the clock. Start reading at `local_time.py`.
"""
