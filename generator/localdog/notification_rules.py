"""Monitor notification rules: /api/v2/monitor/notification_rule. They say whom monitors with certain tags tell."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from generator.localdog.organisation import Json, Organisation, Payload, timestamp
from generator.localdog.store import Record
from generator.localdog.wire import answer, body_object, encode, rejected, whole_number

TYPE = "monitor-notification-rule"
RULE = "/api/v2/monitor/notification_rule"
WRITABLE = ("name", "filter", "recipients", "conditional_recipients", "bundle_config")
NOT_FOUND = "Monitor Notification Rule not found"
DEFAULT_PER_PAGE = 100
MOST_NAME_CHARACTERS = 1000
MOST_RECIPIENTS = 50


def routes(organisation: Organisation) -> list[Route]:
    rules = NotificationRules(organisation)
    one = f"{RULE}/{{rule_id}}"
    return [
        Route(RULE, rules.list, methods=["GET"]),
        Route(RULE, rules.create, methods=["POST"]),
        Route(one, rules.read, methods=["GET"]),
        Route(one, rules.update, methods=["PATCH"]),
        Route(one, rules.delete, methods=["DELETE"]),
    ]


@dataclass(frozen=True)
class NotificationRules:
    organisation: Organisation

    async def list(self, request: Request) -> Response:
        page, per_page = whole_number(request, "page") or 0, whole_number(request, "per_page", lowest=1)
        found = [msgspec.json.decode(body) for body in self.organisation.store.bodies(TYPE)]
        size = per_page or DEFAULT_PER_PAGE
        return answer({"data": found[page * size : (page + 1) * size], "meta": {"page": {"total": len(found)}}})

    async def create(self, request: Request) -> Response:
        attributes = judged(await body_object(request))
        store, now = self.organisation.store, timestamp(self.organisation.now())
        with store.transaction():
            rule_id = str(uuid.UUID(int=store.next_number(TYPE)))
            rule = self._rule(rule_id, {**attributes, "created": now, "modified": now})
            store.put(Record(TYPE, rule_id, encode(rule)))
        return answer({"data": rule})

    async def read(self, request: Request) -> Response:
        return answer({"data": self._found(request)})

    async def update(self, request: Request) -> Response:
        sent = await body_object(request)
        store = self.organisation.store
        with store.transaction():
            found = self._found(request)
            attributes = judged(sent)
            if sent["data"].get("id") != found["id"]:
                raise rejected("Rule id in request body does not match id in URL param", 422)
            dates = {"created": found["attributes"]["created"], "modified": timestamp(self.organisation.now())}
            rule = self._rule(found["id"], {**attributes, **dates})
            store.put(Record(TYPE, rule["id"], encode(rule)))
        return answer({"data": rule})

    async def delete(self, request: Request) -> Response:
        store = self.organisation.store
        with store.transaction():
            store.delete(TYPE, self._found(request)["id"])
        return Response(status_code=204)

    def _found(self, request: Request) -> Payload:
        record = self.organisation.store.find(TYPE, request.path_params["rule_id"])
        if record is None:
            raise rejected(NOT_FOUND, 404)
        found: Payload = msgspec.json.decode(record.body)
        return found

    def _rule(self, rule_id: str, attributes: Payload) -> Payload:
        user = {"data": {"id": str(uuid.UUID(int=self.organisation.user["id"])), "type": "users"}}
        return {"id": rule_id, "type": TYPE, "attributes": attributes, "relationships": {"created_by": user}}


def judged(sent: Payload) -> Payload:
    """Only the words about a recipient's sign are recorded."""
    data: Json = sent.get("data")
    attributes = data.get("attributes") if isinstance(data, dict) else None
    if not isinstance(attributes, dict) or data.get("type", TYPE) != TYPE:
        raise rejected("'data' is invalid")
    name = attributes.get("name")
    if not isinstance(name, str) or not 0 < len(name) <= MOST_NAME_CHARACTERS:
        raise rejected("Invalid name: Name must have 1 to 1000 characters")
    if not _is_filter(attributes.get("filter")):
        raise rejected("Invalid filter: Filter must have either tags or a scope")
    if (attributes.get("recipients") is None) == (attributes.get("conditional_recipients") is None):
        raise rejected("Invalid recipients: Either recipients or conditional_recipients must be given")
    for recipients in _recipients(attributes):
        _refuse_recipients(recipients)
    return {field: attributes[field] for field in WRITABLE if attributes.get(field) is not None}


def _is_filter(found: Json) -> bool:
    if not isinstance(found, dict):
        return False
    tags, scope = found.get("tags"), found.get("scope")
    if tags is not None:
        return scope is None and isinstance(tags, list) and bool(tags) and all(isinstance(tag, str) for tag in tags)
    return isinstance(scope, str) and bool(scope)


def _recipients(attributes: Payload) -> Iterator[Json]:
    conditional: Json = attributes.get("conditional_recipients")
    if conditional is None:
        yield attributes["recipients"]
        return
    conditions = conditional.get("conditions") if isinstance(conditional, dict) else None
    if not isinstance(conditions, list) or not conditions or not all(isinstance(each, dict) for each in conditions):
        raise rejected("Invalid conditional_recipients: Conditions are required")
    yield from (each.get("recipients") for each in conditions)
    if conditional.get("fallback_recipients") is not None:
        yield conditional["fallback_recipients"]


def _refuse_recipients(recipients: Json) -> None:
    if not isinstance(recipients, list) or not all(isinstance(each, str) for each in recipients):
        raise rejected("Invalid recipients: Recipients must be a list of handles")
    if not 0 < len(recipients) <= MOST_RECIPIENTS:
        raise rejected(f"Invalid recipients: There must be 1 to {MOST_RECIPIENTS} recipients")
    if any(each.startswith("@") for each in recipients):
        raise rejected("Invalid recipients: Recipient handle should not start with '@'")
