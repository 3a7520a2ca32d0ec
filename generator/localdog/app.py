"""The application: finds the parts of this package's API and puts their routes behind what stands before all of them.

A request goes through `visitors` (no pages of other sites), `watch` (notes it), `limits` (rate limits), `faulty`
(faults) and `gate` (keys) to a route.
"""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

import generator.localdog
from generator import registry
from generator.localdog.faults import Frozen
from generator.localdog.faulty import FaultyWay
from generator.localdog.gate import KeyGate, Keys
from generator.localdog.limits import RateLimits
from generator.localdog.organisation import Organisation
from generator.localdog.visitors import Visitors
from generator.localdog.watch import Watch
from generator.localdog.wire import NOT_FOUND, Rejected, answer


def create_app(organisation: Organisation, *, keys: Keys | None = None) -> ASGIApp:
    """A module of this package that has `routes(organisation)` is a part of the API; `own_routes` are not."""

    def freeze() -> Frozen:
        past = replace(organisation, store=organisation.store.copied())
        return Frozen(KeyGate(routed("routes", past), keys), past.store.close)

    organisation.faults.freeze = freeze
    api = FaultyWay(KeyGate(routed("routes", organisation), keys), organisation)
    limited = RateLimits(api, organisation)
    watched = Watch(limited, routed("own_routes", organisation), organisation)
    return Visitors(watched, has_keys=keys is not None)


def routed(name: str, organisation: Organisation) -> ASGIApp:
    app = Starlette(
        routes=[route for part in parts() for route in _routes(part, name, organisation)],
        exception_handlers={Rejected: answer_rejected, HTTPException: answer_unknown_route, Exception: answer_failure},
    )
    app.router.redirect_slashes = False
    return app


def parts() -> tuple[ModuleType, ...]:
    return tuple(registry.modules(generator.localdog).values())


def _routes(part: ModuleType, name: str, organisation: Organisation) -> list[BaseRoute]:
    found: list[BaseRoute] = getattr(part, name)(organisation) if hasattr(part, name) else []
    return found


async def answer_rejected(_request: Request, error: Exception) -> Response:
    if not isinstance(error, Rejected):
        raise error
    return answer(error.body, error.status)


async def answer_unknown_route(_request: Request, error: Exception) -> Response:
    """Datadog answers 404 also where the path is known and the method is not."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    return answer(NOT_FOUND, 404) if status in {404, 405} else answer({"errors": [str(error)]}, status)


async def answer_failure(_request: Request, error: Exception) -> Response:
    return answer({"errors": [f"The local Datadog failed: {type(error).__name__}: {error}"]}, 500)
