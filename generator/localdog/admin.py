"""The server's own endpoints: set faults, read the last requests, save, load and empty the state."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from generator.localdog.fault import MAX_TEXT, ScenarioUnreadable, read_scenario
from generator.localdog.faults import NO_FAULTS
from generator.localdog.organisation import Organisation, Payload
from generator.localdog.state import StateUnreadable, loaded, saved
from generator.localdog.wire import answer, answer_json, limited_body, rejected, whole_number

FAULTS = "/_toban/faults"
REQUESTS = "/_toban/requests"
STATE = "/_toban/state"
RESET = "/_toban/reset"
MAX_STATE_BYTES = 1024**3


def own_routes(organisation: Organisation) -> list[Route]:
    admin = Admin(organisation)
    return [
        Route(FAULTS, admin.read_faults, methods=["GET"]),
        Route(FAULTS, admin.set_faults, methods=["PUT", "POST"]),
        Route(FAULTS, admin.clear_faults, methods=["DELETE"]),
        Route(REQUESTS, admin.read_requests, methods=["GET"]),
        Route(REQUESTS, admin.clear_requests, methods=["DELETE"]),
        Route(STATE, admin.save, methods=["GET"]),
        Route(STATE, admin.load, methods=["PUT", "POST"]),
        Route(RESET, admin.reset, methods=["POST"]),
    ]


@dataclass(frozen=True)
class Admin:
    organisation: Organisation

    async def read_faults(self, _request: Request) -> Response:
        return answer(described(self.organisation))

    async def set_faults(self, request: Request) -> Response:
        try:
            scenario = read_scenario(await limited_body(request, MAX_TEXT))
        except ScenarioUnreadable as error:
            raise rejected(str(error)) from error
        self.organisation.faults.set(scenario)
        return answer(described(self.organisation))

    async def clear_faults(self, _request: Request) -> Response:
        self.organisation.faults.set(NO_FAULTS)
        return answer(described(self.organisation))

    async def read_requests(self, request: Request) -> Response:
        most = whole_number(request, "most", lowest=1)
        recent = self.organisation.recent
        return answer({"requests": list(recent.newest_first() if most is None else recent.newest_first(most))})

    async def clear_requests(self, _request: Request) -> Response:
        self.organisation.recent.clear()
        return answer({"requests": []})

    async def save(self, _request: Request) -> Response:
        return answer_json(saved(self.organisation.store))

    async def load(self, request: Request) -> Response:
        try:
            text = await limited_body(request, MAX_STATE_BYTES)
            async with self.organisation.rounds.lock:
                loaded(self.organisation.store, text)
        except StateUnreadable as error:
            raise rejected(str(error)) from error
        return answer({"status": "ok"})

    async def reset(self, _request: Request) -> Response:
        """Begin anew: nothing stored, no faults, no requests, the machine's time. Ids go on, as after deletions."""
        async with self.organisation.rounds.lock:
            self.organisation.store.clear()
            self.organisation.time.go()
        self.organisation.faults.set(NO_FAULTS)
        self.organisation.recent.clear()
        return answer({"status": "ok"})


def described(organisation: Organisation) -> Payload:
    """The scenario in force, each fault with how many requests matched and how many it struck."""
    faults = organisation.faults
    scenario = faults.scenario
    return {
        "name": scenario.name,
        "seed": scenario.seed,
        "faults": [
            {**msgspec.to_builtins(fault), "matched": matched, "struck": struck}
            for fault, matched, struck in faults.told()
        ],
        "rate_limits": scenario.rate_limits,
    }
