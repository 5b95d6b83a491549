"""Bodies as they arrive: within their size and their time, or not at all."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.requests import ClientDisconnect, Request

from ..intake.answers import Answer, problem

_PATIENCE: Final = 8
"""How many times the limit is read and thrown away: a sender that is still sending hears no
answer."""


async def read_body(request: Request, most: int, seconds: float) -> bytes | Answer:
    """The body of a request, or the answer to one that is too large, too slow or encoded.

    ``most`` is in bytes; ``seconds`` is the time that the whole body may take.
    """
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        return problem(415, "The body is compressed; send it as it is")
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and (len(announced) > 18 or int(announced) > most * _PATIENCE):
        return too_large(most)
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                size += len(chunk)
                if size > most * _PATIENCE:
                    break
                if size > most:
                    chunks.clear()
                else:
                    chunks.append(chunk)
    except TimeoutError:
        return _closing(408, f"The body has not come whole within {seconds:g} seconds")
    except ClientDisconnect:
        return _closing(400, "The connection ended before the body")
    return too_large(most) if size > most else b"".join(chunks)


def too_large(most: int) -> Answer:
    """The answer to a body of more than ``most`` bytes."""
    return _closing(413, f"The body is larger than {most} bytes")


def _closing(status: int, detail: str) -> Answer:
    """An answer after which the connection ends: what is still to come is not read."""
    answer = problem(status, detail)
    return Answer(answer.status, answer.body, answer.media_type, {"connection": "close"})
