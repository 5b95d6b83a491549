"""Logs: one JSON object a line, without payload values and without line breaks from outside."""

from __future__ import annotations

import logging.config
from typing import Any, Final

from pythonjsonlogger.core import RESERVED_ATTRS

_QUIET: Final = ("uvicorn.access", "watchfiles")


def configure(level: str) -> dict[str, Any]:
    """Set logging up for this process; the same for uvicorn's processes as its ``log_config``."""
    config: dict[str, Any] = {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": "pythonjsonlogger.json.JsonFormatter",
                "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s",
                "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger"},
                "datefmt": "%Y-%m-%dT%H:%M:%S%z",
                "json_ensure_ascii": True,
                "reserved_attrs": [*RESERVED_ATTRS, "color_message"],
            }
        },
        "handlers": {
            "out": {
                "class": "logging.StreamHandler",
                "formatter": "json",
                "stream": "ext://sys.stderr",
            }
        },
        "root": {"level": level.upper(), "handlers": ["out"]},
        "loggers": {name: {"level": "WARNING"} for name in _QUIET},
    }
    logging.config.dictConfig(config)
    return config
