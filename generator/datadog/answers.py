"""What an answer's body says: a resource, a list, or why the call was refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from generator.datadog.errors import ApiError, IncompleteList, Rejected
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


def rejection(answer: Answer, *, words: str) -> Rejected:
    """The refusal in the server's words."""
    reasons = tuple(_reasons(answer.body))
    if answer.status in _HINTS:
        reasons = (*reasons, _HINTS[answer.status])
    if 300 <= answer.status < 400:
        reasons = (f"it redirects to `{_shortened(answer.headers.get('location', ''))}`; check the address of the API",)
    return Rejected(answer.status, reasons, call=words)


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
