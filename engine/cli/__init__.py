"""The command line: one module a command, imported when its command is called."""

from __future__ import annotations

import os
import sys
from importlib import import_module

from ..errors import (
    CaseError,
    LeadLarkError,
    PayloadError,
    RuleError,
    SecretsError,
    StoreError,
    StoreUrlError,
)
from .arguments import parse
from .options import MODULES
from .status import CallError, Status

TYPE_CHECKING = False  # `typing` takes long to import for what prints help
if TYPE_CHECKING:
    from collections.abc import Sequence

BUG = (
    "this is a bug in LeadLark ({error}); please report it with the command, the rule file and a "
    "payload that shows it (LEADLARK_TRACEBACK=1 prints the place in the code)"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command of ``arguments`` (those of the process if left out); its exit status.

    A person's mistake is one sentence on standard error, never a traceback.
    """
    # Where a stream is closed, Python has none; nothing is read from it, and nobody reads it.
    sys.stdin = sys.stdin or open(os.devnull)  # noqa: SIM115, PTH123 (as long as the process)
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115, PTH123 (as long as the process)
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115, PTH123 (as long as the process)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        status = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        _give_up_output()
        return Status.CLOSED
    except OSError as error:
        _give_up_output()
        _say(f"standard output: {error.strerror}")
        return Status.ENVIRONMENT
    except KeyboardInterrupt:
        _say("interrupted")
        return Status.INTERRUPTED
    return status


def _run(arguments: Sequence[str] | None) -> int:
    try:
        options = parse(sys.argv[1:] if arguments is None else arguments)
    except SystemExit as leaving:  # argparse has printed help or what is wrong
        return int(leaving.code or 0)
    if options.version:
        from importlib.metadata import version  # noqa: PLC0415 (imported when first needed)

        sys.stdout.write(f"leadlark {version('leadlark')}\n")
        return Status.FINE
    try:
        module = MODULES.get(options.command, options.command)
        return int(import_module(f".{module}", __name__).run(options))
    except BrokenPipeError:
        raise
    except CallError as error:
        _say(str(error))
        return Status.CALL
    except StoreError as error:
        _say(str(error))
        return Status.CALL if isinstance(error, StoreUrlError) else Status.ENVIRONMENT
    except SecretsError as error:
        _say(str(error))
        return Status.ENVIRONMENT
    except (PayloadError, RuleError, CaseError) as error:
        _say(str(error))
        return Status.INPUT
    except LeadLarkError as error:
        _say(str(error))
        return Status.CALL
    except OSError as error:
        _say(
            f"{error.filename}: {error.strerror}"
            if error.filename
            else error.strerror or str(error)
        )
        return Status.ENVIRONMENT
    except Exception as error:
        if os.environ.get("LEADLARK_TRACEBACK"):
            raise
        _say(BUG.format(error=f"{type(error).__name__}: {error}"))
        return Status.BUG


def _give_up_output() -> None:
    """Keep the interpreter from writing at its exit what could not be written now."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(sentence: str) -> None:
    sys.stderr.write(f"leadlark: {sentence}\n")
