"""What putting a run back would change: each archived resource against what is live of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from generator.plan.changes import change_of, is_replaced
from generator.plan.diff import field_changes
from generator.plan.digest import digest
from generator.plan.matching import Match, Pair
from generator.plan.model import Action, Change, Obstacle, Plan
from generator.plan.order import in_order
from generator.render.model import Resource
from generator.resources.references import resolved
from generator.resources.tracking import workspace_of
from generator.resources.types import Payload, ResourceType, resource_types
from generator.sync.archive import Archived
from generator.sync.blotted import blotted_fields, named

REFUSED = "not-restored"
_NUMBERS = frozenset(("monitor_id", "monitor_ids"))
_FEW_FIELDS = 4


class Refusal(NamedTuple):
    """Why one of them is left alone, for people."""

    archived: Archived
    reason: str


class _Place(NamedTuple):
    """Where it goes back to: over `live`, else as a new one."""

    archived: Archived
    live: Payload | None

    @property
    def moves(self) -> bool:
        """Whether its Datadog id will not be the archived one."""
        return self.live is None or str(self.live["id"]) != self.archived.id


def restoring_plan(
    found: Iterable[Archived], live: Mapping[str, tuple[Payload, ...]], *, workspace: str, target: str
) -> Plan:
    """The plan that puts them back, with an obstacle for each that is left alone. It deletes nothing."""
    judged = [_judged(each, live[each.resource]) for each in found]
    places = [each for each in judged if isinstance(each, _Place)]
    ids = {name_of(place.archived): str(place.live["id"]) for place in places if place.live is not None}
    tokens = {place.archived.id: f"%{{{name_of(place.archived)}}}" for place in places if place.moves}
    writable = [place for place in places if not _is_other(place)]
    changes = [change for place in writable if (change := _change(place, tokens, ids)) is not None]
    refusals = [each for each in judged if isinstance(each, Refusal)]
    return Plan(
        workspace,
        in_order(changes, {}),
        len(writable) - len(changes),
        tuple(map(_obstacle, (*refusals, *(_refused_heir(place) for place in places if _is_other(place))))),
        digest(changes),
        "",
        references={name: each for name, each in ids.items() if f"%{{{name}}}" in tokens.values()},
        target=target,
    )


def body_of(change: Change, ids: Mapping[str, str]) -> dict[str, Any]:
    """Give what can be written of it. Its mark stays as it was: an adopted resource had none before."""
    return resolved(change.after or {}, ids)


def name_of(archived: Archived) -> str:
    """Give the tracking id that it bears, else that of the change which adopted it."""
    return resource_types()[archived.resource].tracking_id(archived.payload) or archived.tracking_id


def _judged(archived: Archived, rows: Iterable[Payload]) -> _Place | Refusal:
    """Only what is ours is overwritten: what has its Datadog id, else what has its tracking id."""
    if archived.is_own:
        return Refusal(archived, "that run had made it itself, and took it back or changed it for a twin's sake")
    if blotted := tuple(dict.fromkeys((*archived.blotted, *blotted_fields(archived.payload)))):
        told = f"it held a key in use in {named(blotted)}, which the archive does not have: put it back by hand"
        return Refusal(archived, f"{told}, without the key")
    by_id = [row for row in rows if str(row["id"]) == archived.id]
    return _over_itself(archived, by_id[0]) if by_id else _over_its_heir(archived, rows)


def _over_itself(archived: Archived, live: Payload) -> _Place | Refusal:
    bears = resource_types()[archived.resource].tracking_id
    borne = bears(live)
    if borne not in {bears(archived.payload), archived.tracking_id}:
        return Refusal(archived, f"`{archived.id}` is live, and bears {_mark(borne)}: it is not ours any more")
    if borne is None and not _is_as_archived(archived, live):
        return Refusal(archived, f"`{archived.id}` is live, and bears no mark of ours any more")
    return _Place(archived, live)


def _over_its_heir(archived: Archived, rows: Iterable[Payload]) -> _Place | Refusal:
    bears = resource_types()[archived.resource].tracking_id
    before = bears(archived.payload)
    if before is None or workspace_of(before) != archived.workspace:
        told = (
            f"`{archived.id}` was adopted by that run, bore {_mark(before)} before, and is gone: make it anew by hand"
        )
        return Refusal(archived, told)
    heirs = [row for row in rows if bears(row) == before]
    names = ", ".join(f"`{row['id']}`" for row in heirs)
    if len(heirs) > 1:
        return Refusal(archived, f"{names} bear its tracking id; delete all but one")
    return _Place(archived, heirs[0] if heirs else None)


def _mark(borne: str | None) -> str:
    return f"the mark of `{borne}`" if borne else "no mark"


def _change(place: _Place, tokens: Mapping[str, str], ids: Mapping[str, str]) -> Change | None:
    archived, name = place.archived, name_of(place.archived)
    pair = _pair(archived, place.live, _referring(archived, tokens))
    change = change_of(pair, ids)
    if change is None:
        return None
    return msgspec.structs.replace(change, tracking_id=name, notes=(*change.notes, *_notes(place, change)))


def _pair(archived: Archived, live: Payload | None, payload: dict[str, Any]) -> Pair:
    desired = Resource(name_of(archived), archived.resource, payload, "", 0)
    return Pair(desired, Match.NEW if live is None else Match.TRACKED, live)


def _is_other(place: _Place) -> bool:
    """Whether what stands in its place cannot be changed into it. What else refers to that, only a sync knows."""
    return place.live is not None and is_replaced(_pair(place.archived, place.live, _writable(place.archived)))


def _refused_heir(place: _Place) -> Refusal:
    heir = "" if place.live is None else str(place.live["id"])
    told = f"`{heir}` has taken its place, and Datadog cannot change that into what it was"
    return Refusal(place.archived, f"{told}: go back with `toban sync --ref REV`, which changes what refers to it too")


def _referring(archived: Archived, tokens: Mapping[str, str]) -> dict[str, Any]:
    """Give its body, with the ids of what is gone as references: that gets another id, or has it already."""
    body = _writable(archived)
    others = {old: token for old, token in tokens.items() if old != archived.id}
    if not others or not resource_types()[archived.resource].may_refer(archived.payload):
        return body
    words = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, others))})(?![\w-])")
    return {key: _retold(value, key, others, words) for key, value in body.items()}


def _retold(value: Any, key: str, tokens: Mapping[str, str], words: re.Pattern[str]) -> Any:
    if isinstance(value, dict):
        return {name: _retold(inner, name, tokens, words) for name, inner in value.items()}
    if isinstance(value, list):
        return [_retold(inner, key, tokens, words) for inner in value]
    if isinstance(value, str):
        return words.sub(lambda match: tokens[match.group()], value)
    if key in _NUMBERS and isinstance(value, int):
        return tokens.get(str(value), value)
    return value


def _writable(archived: Archived) -> dict[str, Any]:
    resource_type = resource_types()[archived.resource]
    payload = resource_type.repeatable(archived.payload)
    taken = resource_type.tracked(payload, "")
    return {key: payload[key] for key in taken if key in payload}


def _is_as_archived(archived: Archived, live: Payload) -> bool:
    resource_type, wanted = resource_types()[archived.resource], archived.payload
    return resource_type.comparable(live, wanted) == resource_type.comparable(wanted, wanted)


def _notes(place: _Place, change: Change) -> Iterator[str]:
    archived, live = place.archived, place.live
    resource_type = resource_types()[archived.resource]
    if resource_type.tracking_id(archived.payload) is None:
        yield "That run has adopted it: it will bear our mark no more, and be nobody's."
    if live is None:
        yield f"`{archived.id}` is gone: this gets a new id, and its history, mutes and links to it stay lost."
        if resource_type.undelete_days is not None:
            days = resource_type.undelete_days
            yield f"For {days} days Datadog itself can undelete it, in the browser, with its id and all that."
    elif place.moves:
        yield f"`{archived.id}` is gone; `{live['id']}` has taken its place since."
    elif archived.written is not None and (names := _edited(resource_type, archived.written, live)):
        when = live.get("modified_at") or live.get("modified")
        at = f" ({when})" if isinstance(when, str) and change.action is Action.UPDATE else ""
        yield f"It was changed after that run{at}, and this takes that back too: {names}."


def _edited(resource_type: ResourceType, written: Payload, live: Payload) -> str:
    """The fields that are not as the run wrote them."""
    now = resource_type.comparable(live, written)
    paths = (".".join(str(part) for part in each.path[:2]) for each in field_changes(written, now))
    names = [f"`{name}`" for name in dict.fromkeys(paths)]
    more = f" and {len(names) - _FEW_FIELDS} more" if len(names) > _FEW_FIELDS else ""
    return f"{', '.join(names[:_FEW_FIELDS])}{more}" if names else ""


def _obstacle(refusal: Refusal) -> Obstacle:
    archived = refusal.archived
    return Obstacle(REFUSED, refusal.reason, blocks=False, tracking_id=name_of(archived), id=archived.id)


def unlike_organisations(found: Iterable[Archived], live: Mapping[str, tuple[Payload, ...]]) -> tuple[str, str] | None:
    """Two organisations of one site: what was archived says of which it is, and so do those that are live."""
    then = _organisations(each.payload for each in found)
    now = _organisations(row for rows in live.values() for row in rows)
    return (then.pop(), now.pop()) if then and now and not then & now else None


def _organisations(payloads: Iterable[Payload]) -> set[str]:
    return {str(payload["org_id"]) for payload in payloads if isinstance(payload.get("org_id"), (int, str))}
