"""A round of evaluations each minute of the machine's time, while the server's clock does not stand."""

from __future__ import annotations

import asyncio
import sqlite3

from generator.localdog.evaluating import MINUTE, evaluate
from generator.localdog.organisation import Organisation
from generator.localdog.posting import post_waiting

# What was sent for a minute is there a little after it.
AFTER_SECONDS = 1


async def each_minute(organisation: Organisation) -> None:
    while True:
        now = organisation.clock().timestamp()
        await asyncio.sleep(MINUTE - (now - AFTER_SECONDS) % MINUTE)
        if organisation.time.stands_at is None:
            await round_of(organisation)


async def round_of(organisation: Organisation) -> None:
    """A database that is locked, or full, is tried again in the next minute, which catches up."""
    try:
        await evaluate(organisation)
    except sqlite3.Error:
        return
    await post_waiting(organisation)
