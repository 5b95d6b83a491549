"""The routes of the service."""

from __future__ import annotations

import logging
import time
from asyncio import CancelledError
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..intake.answers import (
    JSON,
    Answer,
    document_answer,
    problem,
    problem_document,
    unavailable,
)
from ..proof.received import Received
from .body import read_body
from .service import Service

log: Final = logging.getLogger("leadlark.requests")

_STOPPING: Final = (
    "The service stops, and it is not known whether the request was carried out; send it again, "
    "under the same request id if it has one"
)


def application(service: Service) -> Starlette:
    """The service as an ASGI application; it starts and stops with the application."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with service:
            yield

    async def take(request: Request) -> Response:
        began = time.perf_counter()
        address = request.path_params["address"]
        try:
            channel, answer = await _answer(service, address, request)
        except CancelledError:  # the service stops, and waits no longer
            channel, answer = "", unavailable(_STOPPING)
        seconds = time.perf_counter() - began
        action = answer.action or "refused"
        service.metrics.answered(channel, action, answer.status, seconds)
        log.info(
            "request",
            extra={
                "channel": channel or None,
                "action": action,
                "status": answer.status,
                "request": answer.request,
                "milliseconds": round(seconds * 1000, 1),
            },
        )
        return _response(answer)

    async def live(_: Request) -> Response:
        return Response(b'{"status": "live"}', media_type=JSON)

    async def ready(_: Request) -> Response:
        return _response(await service.readiness())

    async def metrics(_: Request) -> Response:
        service.count_rules()
        text, media_type = service.metrics.text()
        return Response(text, media_type=media_type)

    async def openapi(_: Request) -> Response:
        return Response(service.description(), media_type=JSON)

    made = Starlette(
        routes=[
            Route("/in/{address}", take, methods=["GET", "POST"]),
            Route("/health/live", live),
            Route("/health/ready", ready),
            Route("/metrics", metrics),
            Route("/openapi.json", openapi),
        ],
        exception_handlers={HTTPException: _refused, Exception: _failed},
        lifespan=lifespan,
    )
    made.router.redirect_slashes = False  # a redirection would name whatever Host says
    return made


async def _answer(service: Service, address: str, request: Request) -> tuple[str, Answer]:
    """The address of the channel reached, empty where there is none, and the answer."""
    if request.method == "HEAD":
        return "", problem(405, "A channel takes GET and POST")
    source = request.client.host if request.client else ""
    admitted = service.admit(address, source)
    if isinstance(admitted, Answer):
        return "", admitted
    channel = admitted.address
    if service.taken >= service.settings.waiting:
        return channel, unavailable("The request is not taken: too many others are; send it again")
    service.taken += 1
    try:
        body = await read_body(request, service.settings.max_body, service.settings.body_seconds)
        if isinstance(body, Answer):
            return channel, body
        received = Received(
            method=request.method,
            query=request.scope["query_string"],
            headers=tuple(request.scope["headers"]),
            body=body,
            url=str(request.url),
        )
        return channel, await service.intake.answer(admitted, address, received)
    finally:
        service.taken -= 1


def _response(answer: Answer) -> Response:
    return Response(answer.body, answer.status, dict(answer.headers), media_type=answer.media_type)


async def _refused(_: Request, error: Exception) -> Response:
    """404 and 405 of routing, as problem documents."""
    assert isinstance(error, HTTPException)
    details = {404: "There is nothing at this address", 405: "This address takes other methods"}
    document = problem_document(error.status_code, details.get(error.status_code, error.detail))
    return _response(document_answer(document, None, error.headers))


async def _failed(_: Request, __: Exception) -> Response:
    """A mistake of LeadLark itself; uvicorn logs it with its place."""
    return _response(problem(500, "LeadLark has made a mistake; its log tells more"))
