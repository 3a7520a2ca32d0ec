"""The account: /api/v1/validate tells a client whether its keys are good."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from generator.localdog.organisation import Organisation
from generator.localdog.wire import answer


def routes(_organisation: Organisation) -> list[Route]:
    return [Route("/api/v1/validate", validate, methods=["GET"])]


async def validate(_request: Request) -> Response:
    """Keys that are no good never come this far."""
    return answer({"valid": True})
