"""The intake service over HTTP: Starlette, uvicorn, health, metrics."""
