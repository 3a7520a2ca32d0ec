"""The application: finds the resource types of this package and puts their routes behind one gate."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

import generator.localdog
from generator import registry
from generator.localdog.gate import KeyGate, Keys, RateLimit, RateLimitHeaders
from generator.localdog.organisation import Clock, Organisation
from generator.localdog.store import Store
from generator.localdog.wire import NOT_FOUND, Rejected, answer


def create_app(store: Store, *, clock: Clock, keys: Keys | None = None) -> Starlette:
    """A module of this package that has `routes(organisation)` is a part of the API."""
    organisation = Organisation(store, clock)
    parts = registry.modules(generator.localdog).values()
    found: list[BaseRoute] = [route for part in parts if hasattr(part, "routes") for route in part.routes(organisation)]
    app = Starlette(
        routes=found,
        middleware=[
            Middleware(RateLimitHeaders, clock=clock, rate_limit=RateLimit()),
            Middleware(KeyGate, keys=keys),
        ],
        exception_handlers={Rejected: answer_rejected, HTTPException: answer_unknown_route, Exception: answer_fault},
    )
    app.router.redirect_slashes = False
    return app


async def answer_rejected(_request: Request, error: Exception) -> Response:
    if not isinstance(error, Rejected):
        raise error
    return answer(error.body, error.status)


async def answer_unknown_route(_request: Request, error: Exception) -> Response:
    """Datadog answers 404 also where the path is known and the method is not."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    return answer(NOT_FOUND, 404) if status in {404, 405} else answer({"errors": [str(error)]}, status)


async def answer_fault(_request: Request, error: Exception) -> Response:
    return answer({"errors": [f"The local Datadog failed: {type(error).__name__}: {error}"]}, 500)
