"""Which monitors a list shows: by tags, name and scope, at once or page by page."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from starlette.requests import Request

from generator.localdog.group_states import state
from generator.localdog.organisation import Payload
from generator.localdog.queries import metrics_and_scopes
from generator.localdog.store import Page, Store
from generator.localdog.wire import encode, rejected, whole_number, words

TYPE = "monitor"
DEFAULT_PAGE_SIZE = 100
MAX_PAGE_SIZE = 1000
GROUP_STATES = frozenset({"all", "alert", "warn", "no data", "ok"})
LISTED: Payload = {"matching_downtimes": []}


class Numbered(msgspec.Struct, frozen=True):
    """A monitor's number, read without the rest."""

    id: int


def listed(store: Store, request: Request) -> Iterator[bytes]:
    """The JSON texts of the monitors that the request asks for, by ascending id."""
    name, scope = request.query_params.get("name", "").casefold(), words(request, "tags")
    tags, page = words(request, "monitor_tags"), asked_page(request)
    if name or scope:
        bodies = paged(matching(iter([*store.bodies(TYPE, tags=tags)]), name, scope), page)
    else:
        bodies = iter([*store.bodies(TYPE, tags=tags, page=page)])
    asked = asked_states(request)
    if not asked:
        end = b"," + encode(LISTED)[1:]
        return (body[:-1] + end for body in bodies)
    records = store.standings.all()
    return (extended(body, {**LISTED, "state": state(records.get(id_of(body)), asked)}) for body in bodies)


def id_of(body: bytes) -> int:
    return msgspec.json.decode(body, type=Numbered).id


def extended(body: bytes, more: Payload) -> bytes:
    """Add fields to a JSON object that is already text."""
    return body[:-1] + b"," + encode(more)[1:] if more else body


def asked_states(request: Request) -> tuple[str, ...]:
    """The states of the groups that the answer shall show; none where it shall show no groups."""
    asked = words(request, "group_states")
    if any(state not in GROUP_STATES for state in asked):
        raise rejected("Invalid group_state filters.")
    return asked


def asked_page(request: Request) -> Page:
    """Without a page and an id offset the server answers all monitors at once."""
    page, after = whole_number(request, "page"), whole_number(request, "id_offset")
    size = min(whole_number(request, "page_size", lowest=1) or DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE)
    if page is None and after is None:
        return Page()
    return Page(limit=size, skip=(page or 0) * size, after=after)


def matching(bodies: Iterator[bytes], name: str, scope: tuple[str, ...]) -> Iterator[bytes]:
    """Those whose name holds the text and whose query names every scope tag."""
    for body in bodies:
        monitor: Payload = msgspec.json.decode(body)
        if name in monitor["name"].casefold() and _is_scoped(monitor, scope):
            yield body


def _is_scoped(monitor: Payload, scope: tuple[str, ...]) -> bool:
    """Queries are parsed only where the texts occur at all."""
    if not all(tag in monitor["query"] for tag in scope):
        return False
    return not scope or set(scope) <= set(metrics_and_scopes(monitor["type"], monitor["query"])[1])


def paged(bodies: Iterator[bytes], page: Page) -> Iterator[bytes]:
    found = [body for body in bodies if page.after is None or msgspec.json.decode(body)["id"] > page.after]
    end = None if page.limit is None else page.skip + page.limit
    return iter(found[page.skip : end])
