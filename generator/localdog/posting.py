"""Posts notifications to a webhook on this machine, and to no other."""

from __future__ import annotations

import asyncio
import http.client
import ipaddress
from typing import Any
from urllib.parse import urlsplit

from generator.localdog.organisation import Organisation
from generator.localdog.wire import encode

SECONDS = 5
MOST_AT_ONCE = 1000


class WebhookRefused(Exception):  # noqa: N818 reads as what it says
    """The address is none of this machine's; the words tell which are."""


def webhook(url: str) -> str:
    """The address, if it leads to this machine whatever a name server says."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise WebhookRefused(f"webhook `{url[:200]}`: {error}") from error
    if parts.scheme != "http" or not is_loopback(host) or port == 0 or parts.username is not None or not is_plain(url):
        raise WebhookRefused(
            f"webhook `{url[:200]}` does not lead to this machine: give http://127.0.0.1:PORT/PATH or "
            "http://localhost:PORT/PATH"
        )
    return url


def is_plain(url: str) -> bool:
    return url.isascii() and url.isprintable() and " " not in url


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def post_waiting(organisation: Organisation) -> None:
    """Post what waits, in order; one that is not taken is posted with the next round."""
    url, store = organisation.webhook, organisation.store
    if url is None:
        return
    async with organisation.rounds.posting:
        for each in store.standings.waiting(MOST_AT_ONCE):
            words = await asyncio.to_thread(posted, url, {name: each[name] for name in each if name != "posted"})
            if words == FAILED:
                return
            store.standings.set_posted(each["id"], words)


FAILED = "not reached"


def posted(url: str, notification: dict[str, Any]) -> str:
    """What the receiver answered. A redirect is an answer like others: it is not followed."""
    parts = urlsplit(url)
    # A name is looked up nowhere: `localhost` is what the loopback address is called.
    host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname or ""
    connection = http.client.HTTPConnection(host, parts.port or 80, timeout=SECONDS)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, encode(notification), {"Content-Type": "application/json"})
        return f"answered {connection.getresponse().status}"
    except (OSError, http.client.HTTPException):
        return FAILED
    finally:
        connection.close()
