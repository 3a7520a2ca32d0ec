"""What an answer's body says: a resource, a list, or why the call was refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from generator.datadog.errors import ApiError, IncompleteList, Rejected, Unavailable, Uncertain
from generator.datadog.transport import Answer

LONGEST_REASON = 500
_HINTS = {
    401: "the API key is missing, wrong or of another site",
    403: "the keys are wrong, of another site, or lack the scope for this call",
}


def resource_of(answer: Answer, opened: Callable[[Any], Any], *, words: str, error: type[ApiError]) -> dict[str, Any]:
    """The resource in the body, else `error`: a proxy's page with status 200 says nothing about Datadog."""
    body = opened(_json(answer.body))
    if not isinstance(body, dict) or not _is_id(body.get("id")):
        raise error(f"{words} was answered with {answer.status} but without a resource: {_excerpt(answer.body)}")
    return body


def list_of(answer: Answer, collection: str | None, *, words: str) -> list[dict[str, Any]]:
    body = _json(answer.body)
    rows = body.get(collection) if collection is not None and isinstance(body, dict) else body
    if not isinstance(rows, list) or not all(isinstance(row, dict) and _is_id(row.get("id")) for row in rows):
        raise IncompleteList(f"{words} was answered without a list of resources: {_excerpt(answer.body)}")
    return rows


def handles_of(answer: Answer, *, words: str) -> frozenset[str]:
    """The handles of all groups. The call is not documented: this is what Kennel reads of its answer."""
    body = _json(answer.body)
    groups = body.get("data") if isinstance(body, dict) else None
    if not isinstance(groups, list):
        raise Unavailable(f"{words} was answered without a list of handles: {_excerpt(answer.body)}")
    values = (_field(each, "value") for group in groups for each in _list(_field(group, "attributes", "handles")))
    return frozenset(f"@{value.removeprefix('@')}" for value in values if isinstance(value, str) and value)


def query_answer(answer: Answer, *, words: str) -> dict[str, Any]:
    """The answer to metric queries. One that fails is told with status 200."""
    body = _json(answer.body)
    if isinstance(body, dict) and body.get("status") == "error":
        raise Rejected(answer.status, (_shortened(str(body.get("error") or "no reason given")),), call=words)
    if not isinstance(body, dict) or not isinstance(body.get("series"), list):
        raise Unavailable(f"{words} was answered without a list of series: {_excerpt(answer.body)}")
    return body


def positions_with_points(answer: Answer, *, words: str) -> frozenset[int]:
    """Of the queries of a call: which have a series with a point."""
    return frozenset(
        position
        for each in _list(query_answer(answer, words=words).get("series"))
        if _has_point(_field(each, "pointlist")) and isinstance(position := _field(each, "query_index") or 0, int)
    )


def _has_point(points: object) -> bool:
    return any(isinstance(pair, list) and len(pair) > 1 and pair[1] is not None for pair in _list(points))


def _field(value: object, *names: str) -> object:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def refuse_what_is_no_answer(answer: Answer, *, words: str) -> None:
    """Raise Uncertain where a success has a body that is no JSON, such as a proxy's page; Datadog may send none."""
    if answer.body.strip() and _json(answer.body) is None:
        raise Uncertain(f"{words} was answered with {answer.status} but not by Datadog: {_excerpt(answer.body)}")


def rejection(answer: Answer, *, words: str) -> Rejected:
    """The refusal in the server's words."""
    reasons = tuple(_reasons(answer.body))
    if answer.status in _HINTS:
        reasons = (*reasons, _HINTS[answer.status])
    if 300 <= answer.status < 400:
        reasons = (f"it redirects to `{_shortened(answer.headers.get('location', ''))}`; check the address of the API",)
    return Rejected(answer.status, reasons, call=words)


def without_hints(reasons: tuple[str, ...]) -> tuple[str, ...]:
    """The server's own words: of a status that means something else here."""
    return tuple(each for each in reasons if each not in _HINTS.values())


def _reasons(body: bytes) -> Iterator[str]:
    """v1 sends texts in `errors`, some of v2 objects, SLOs a text in `error`, a proxy no JSON at all."""
    content = _json(body)
    errors: object = None
    if isinstance(content, dict):
        errors = content.get("errors", content.get("error"))
    if isinstance(errors, (list, tuple)):
        yield from (_reason(each) for each in errors)
    elif errors:
        yield _reason(errors)
    elif body:
        yield _excerpt(body)


def _reason(error: object) -> str:
    if isinstance(error, dict):
        parts = [str(error[key]) for key in ("title", "detail") if error.get(key)]
        return _shortened(": ".join(parts) or str(error))
    return _shortened(str(error))


def _excerpt(body: bytes) -> str:
    return _shortened(" ".join(body[: 4 * LONGEST_REASON].decode("utf-8", errors="replace").split()))


def _shortened(text: str) -> str:
    """One printable stretch, whatever a proxy in between has sent."""
    printable = "".join(character if character.isprintable() else " " for character in text[: LONGEST_REASON + 1])
    return printable if len(printable) <= LONGEST_REASON else f"{printable[:LONGEST_REASON]}…"


def _is_id(value: object) -> bool:
    return isinstance(value, (int, str)) and not isinstance(value, bool) and value != ""


def _json(body: bytes) -> object:
    """None where the body is no JSON."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None
