"""Metric series for simulations: from files, or pulled from a query API in aligned chunks and cached.

It knows queries, files and the client; not what becomes of the series, nor any YAML. Start reading at `source.py`, then
`asking.py`, which says what a monitor's query needs, and `pulling.py`.
"""
