"""Monitor config policies: /api/v2/monitor/policy. A tag policy says which tags a monitor must have."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from generator.localdog.organisation import Json, Organisation, Payload
from generator.localdog.store import Record, Store
from generator.localdog.wire import answer, body_object, encode, rejected

TYPE = "monitor-config-policy"
POLICY = "/api/v2/monitor/policy"


def routes(organisation: Organisation) -> list[Route]:
    policies = Policies(organisation)
    one = f"{POLICY}/{{policy_id}}"
    return [
        Route(POLICY, policies.list, methods=["GET"]),
        Route(POLICY, policies.create, methods=["POST"]),
        Route(one, policies.read, methods=["GET"]),
        Route(one, policies.update, methods=["PATCH"]),
        Route(one, policies.delete, methods=["DELETE"]),
    ]


@dataclass(frozen=True)
class Policies:
    organisation: Organisation

    async def list(self, _request: Request) -> Response:
        return answer({"data": policies_of(self.organisation.store)})

    async def create(self, request: Request) -> Response:
        attributes = judged(await body_object(request))
        store = self.organisation.store
        with store.transaction():
            number = store.next_number(TYPE)
            policy_id = str(uuid.UUID(int=number))
            policy = {"id": policy_id, "type": TYPE, "attributes": attributes}
            store.put(Record(TYPE, policy_id, encode(policy)))
        return answer({"data": policy})

    async def read(self, request: Request) -> Response:
        return answer({"data": self._found(request, "Monitor configuration policy not found")})

    async def update(self, request: Request) -> Response:
        sent = await body_object(request)
        store = self.organisation.store
        with store.transaction():
            found = self._found(request, "Monitor configuration policy not found")
            attributes = judged(sent)
            if sent["data"].get("id") != found["id"]:
                raise rejected("Policy id in request body does not match id in URL param", 422)
            policy = {**found, "attributes": attributes}
            store.put(Record(TYPE, policy["id"], encode(policy)))
        return answer({"data": policy})

    async def delete(self, request: Request) -> Response:
        store = self.organisation.store
        with store.transaction():
            store.delete(TYPE, self._found(request, "Monitor config policy not found")["id"])
        return Response(status_code=204)

    def _found(self, request: Request, missing: str) -> Payload:
        try:
            policy_id = str(uuid.UUID(request.path_params["policy_id"]))
        except ValueError as error:
            raise rejected("Invalid URL param: policy_id must be an uuid") from error
        record = self.organisation.store.find(TYPE, policy_id)
        if record is None:
            raise rejected(missing, 404)
        found: Payload = msgspec.json.decode(record.body)
        return found


def policies_of(store: Store) -> list[Payload]:
    return [msgspec.json.decode(body) for body in store.bodies(TYPE)]


def judged(sent: Payload) -> Payload:
    """Only the words about the kind of policy are recorded."""
    data: Json = sent.get("data")
    attributes = data.get("attributes") if isinstance(data, dict) else None
    if not isinstance(attributes, dict) or data.get("type") != TYPE:
        raise rejected("'data' is invalid")
    if attributes.get("policy_type") != "tag":
        raise rejected("Value of parameter 'policy_type' should be any of these ['tag']")
    policy: Json = attributes.get("policy")
    if not isinstance(policy, dict) or not _is_tag_policy(policy):
        raise rejected("'policy' is invalid")
    kept = {name: policy[name] for name in ("tag_key", "tag_key_required", "valid_tag_values")}
    return {"policy_type": "tag", "policy": kept}


def _is_tag_policy(policy: Payload) -> bool:
    key, required, values = (policy.get(name) for name in ("tag_key", "tag_key_required", "valid_tag_values"))
    return (
        isinstance(key, str)
        and bool(key)
        and isinstance(required, bool)
        and isinstance(values, list)
        and all(isinstance(value, str) for value in values)
    )


def policy_rejection(store: Store, tags: Json) -> str | None:
    """The words about missing keys are reported; those about values are not known."""
    policies = [policy["attributes"]["policy"] for policy in policies_of(store)]
    if not policies:
        return None
    values: dict[str, list[str]] = {}
    for tag in tags or ():
        key, _, value = tag.partition(":")
        values.setdefault(key, []).append(value)
    required = [policy["tag_key"] for policy in policies if policy["tag_key_required"]]
    missing = [key for key in dict.fromkeys(required) if key not in values]
    if missing:
        return f"Missing required tag key(s): {', '.join(missing)}"
    for policy in policies:
        allowed = policy["valid_tag_values"]
        foreign = [value for value in values.get(policy["tag_key"], ()) if allowed and value not in allowed]
        if foreign:
            return (
                f"Invalid value for tag key {policy['tag_key']}: {foreign[0]}. Valid values are: {', '.join(allowed)}"
            )
    return None
