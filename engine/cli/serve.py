"""``leadlark serve``: the intake service."""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import Final

from ..errors import RuleError, SettingsError
from . import terminal
from .rules import show_mistakes
from .status import CallError, Status

_CALL: Final = ("command", "version", "config")
_INSTALL: Final = (
    "serve needs the package {name}; install what the service needs with "
    "`pip install starlette uvicorn uvloop httptools pydantic-settings prometheus-client "
    "standardwebhooks limits python-json-logger uuid-utils watchfiles`"
)


def run(options: Namespace) -> Status:
    """Serve until the process is told to stop."""
    given = {
        name: value
        for name, value in vars(options).items()
        if name not in _CALL and value is not None
    }
    try:
        from ..http.serving import serve  # noqa: PLC0415 (an extra)
        from ..settings import settings  # noqa: PLC0415 (an extra)
    except ModuleNotFoundError as error:
        terminal.note(f"leadlark: {_INSTALL.format(name=error.name)}")
        return Status.ENVIRONMENT
    try:
        serve(settings(given, options.config))
    except SettingsError as error:
        raise CallError(str(error)) from error
    except RuleError as error:
        show_mistakes(error.diagnostics, sys.stderr)
        return Status.INPUT
    return Status.FINE
