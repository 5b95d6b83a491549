"""Exit statuses."""

from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """What the command's exit status tells; of several, the highest is the result."""

    FINE = 0
    INPUT = 1  # diagnostics, a failed case, a payload that is rejected or cannot be read
    CALL = 2  # an unknown option, no such file
    ENVIRONMENT = 3  # no database, no network
    BUG = 70  # EX_SOFTWARE of sysexits(3)
    INTERRUPTED = 130  # what a shell reports for SIGINT
    CLOSED = 141  # what a shell reports for SIGPIPE


class CallError(Exception):
    """The call is at fault; the message is one sentence."""
