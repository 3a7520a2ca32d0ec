"""Tests of monitors, `NAME.test.yaml` beside `NAME.yaml`: given series, what a monitor does, and what it should do.

It knows the files of tests and the simulator, and neither the network nor how results are shown; reading and judging
the files needs no numbers, so lint can do it. Start reading at `reading.py`, then `running.py`.
"""
