"""uvicorn as the service needs it: one process, or several on one socket."""

from __future__ import annotations

import os
import signal
import tempfile
from multiprocessing import parent_process
from threading import Thread
from typing import Any, Final

import uvicorn
from starlette.applications import Starlette

from ..adapters.opening import SERVERS, open_store
from ..errors import SettingsError
from ..secrets import Secrets
from ..settings import Settings
from .app import application
from .guarded import GuardedProtocol
from .logs import configure
from .metrics import FOLDER
from .service import Service

_SETTINGS: Final = "_LEADLARK_SETTINGS"
"""The environment variable that hands the settings to the processes of a service."""


def serve(settings: Settings) -> None:
    """Serve until the process is told to stop by SIGTERM or SIGINT.

    Raises `SettingsError` for settings that do not go together, `SecretsError` for a file of
    secrets that cannot be used, `RuleError` for rule files with mistakes, `StoreError` for a store
    that cannot be used, and `OSError` for files that cannot be read; nothing is served then.
    """
    _agree(settings)
    # uvicorn sends the signal that has stopped it once more, and ends well by what Ctrl-C raises.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    service = prepared(settings)
    options = _options(settings)
    if settings.workers == 1:
        uvicorn.run(application(service), http=GuardedProtocol, **options)
        return
    service.store.close()  # it has shown that all is well; every process opens its own
    with tempfile.TemporaryDirectory(prefix="leadlark-") as folder:
        os.environ[FOLDER] = folder
        os.environ[_SETTINGS] = settings.model_dump_json()
        uvicorn.run(
            f"{__name__}:worker",
            factory=True,
            http=f"{GuardedProtocol.__module__}:{GuardedProtocol.__name__}",
            **options,
        )


def worker() -> Starlette:
    """The application of one process of several."""
    Thread(target=_end_with_parent, daemon=True).start()
    return application(prepared(Settings.model_validate_json(os.environ[_SETTINGS])))


def prepared(settings: Settings) -> Service:
    """The service, its rules loaded and its store open."""
    GuardedProtocol.head_seconds = settings.head_seconds
    secrets = Secrets(settings.secrets)
    store = open_store(settings.store)
    try:
        return Service(settings, store, secrets)
    except BaseException:
        store.close()
        raise


def _end_with_parent() -> None:
    """Stop this process once its parent is killed: nobody else would, and the port stays taken."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _agree(settings: Settings) -> None:
    """Refuse what does not go together."""
    if settings.workers > 1 and settings.store.partition(":")[0] not in SERVERS:
        raise SettingsError(
            f"--workers {settings.workers} needs a PostgreSQL store: one process writes to an "
            "SQLite file at a time, and more would wait for one another; use --workers 1 or "
            "--store postgresql://…"
        )
    if settings.journal not in (None, settings.store):
        raise SettingsError(
            "--journal names another database than --store; what is decided and what is recorded "
            "of it are written in one commit, in the store's database: leave --journal out"
        )


def _options(settings: Settings) -> dict[str, Any]:
    return {
        "host": settings.host,
        "port": settings.port,
        "workers": settings.workers,  # not those of WEB_CONCURRENCY
        "ws": "none",
        "lifespan": "on",
        "log_config": configure(settings.log_level),
        "access_log": False,
        "server_header": False,
        "proxy_headers": bool(settings.trust_proxy),
        "forwarded_allow_ips": list(settings.trust_proxy),
        "timeout_keep_alive": settings.idle_seconds,
        "timeout_graceful_shutdown": settings.stop_seconds,
    }
