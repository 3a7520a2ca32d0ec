"""A whole list out of pages that are read in parallel, and the proof that no page is missing or has shifted."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from generator.datadog.errors import ApiError, IncompleteList, Rejected

Row = dict[str, Any]
Page = Sequence[Row]
Fetch = Callable[[int, int], Page]
"""Reads the page of a number when pages hold so many rows: `fetch(number, rows)`."""

PAGES_AT_ONCE = 4
MOST_PAGES = 2000


def complete_list(fetch: Fetch, page_size: int, *, name: str) -> tuple[Row, ...]:
    """Read every row once, or raise IncompleteList. `name` is the plural for messages."""
    problem = ""
    with ThreadPoolExecutor(PAGES_AT_ONCE) as pool:
        for _ in range(2):
            pages = _pages(fetch, page_size, name=name, pool=pool)
            problem = _gap(pages, page_size) or _shift(fetch, page_size, pages=pages, pool=pool)
            if not problem:
                return tuple(itertools.chain.from_iterable(pages))
    raise IncompleteList(
        f"the list of {name} changed while it was read, twice: {problem}; run again when nobody else creates or deletes"
    )


def _pages(fetch: Fetch, page_size: int, *, name: str, pool: ThreadPoolExecutor) -> list[Page]:
    """Pages up to the first empty one, or to one that begins like an earlier page."""
    pages: list[Page] = []
    beginnings: set[object] = set()
    wave = 2
    while len(pages) < MOST_PAGES:
        numbers = range(len(pages), len(pages) + wave)
        for page in pool.map(lambda number: _page(fetch, number, page_size=page_size, name=name), numbers):
            pages.append(page)
            if page:
                beginning = page[0]["id"]
                repeated = beginning in beginnings
                beginnings.add(beginning)
                if repeated:
                    return pages
        if not pages[-1]:
            return pages
        wave = PAGES_AT_ONCE
    raise IncompleteList(f"the list of {name} does not end after {MOST_PAGES} pages")


def _page(fetch: Fetch, number: int, *, page_size: int, name: str) -> Page:
    try:
        return fetch(number, page_size)
    except (Rejected, IncompleteList):
        raise
    except ApiError as error:
        if number == 0:
            raise
        raise IncompleteList(f"page {number + 1} of the {name} is missing: {error}") from error


def _gap(pages: Sequence[Page], page_size: int) -> str:
    """Why the pages cannot be one list at one moment, or an empty text."""
    filled = max((number for number, page in enumerate(pages, start=1) if page), default=0)
    for number, page in enumerate(pages[:filled], start=1):
        if len(page) > page_size or (number < filled and len(page) != page_size):
            return f"page {number} holds {len(page)} where {page_size} were asked for, and it is not the last"
    ids = [row["id"] for page in pages for row in page]
    repeated = len(ids) - len(set(ids))
    return f"{repeated} of {len(ids)} came twice" if repeated else ""


def _shift(fetch: Fetch, page_size: int, *, pages: Sequence[Page], pool: ThreadPoolExecutor) -> str:
    """Whether a delete moved a row over a boundary that was already read: nothing else would show that one is missing.

    The last row of each full page must still be where it was, after all pages have been read.
    """
    boundaries = [number for number, page in enumerate(pages[1:]) if page]
    last_rows = pool.map(lambda number: fetch((number + 1) * page_size - 1, 1), boundaries)
    for number, rows in zip(boundaries, last_rows, strict=True):
        if [row["id"] for row in rows] != [pages[number][-1]["id"]]:
            return f"page {number + 1} does not end as it did"
    return ""
