"""The client of Datadog's API: transport, pages, retries and rate limits.

It speaks raw JSON and knows no plan. Start reading at `client.py`.
"""
