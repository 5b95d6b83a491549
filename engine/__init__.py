"""LeadLark: rules that decide what an incoming web request becomes in a CRM.

Names are loaded when they are first used, so that a program pays only for what it needs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .channel import Channel, Rules
    from .decision import (
        ActivityPart,
        ContactPart,
        Decision,
        EntityPart,
        Note,
        Origin,
        Problem,
        RecordPart,
    )
    from .diagnostics import Diagnostic, Edit, Label
    from .errors import (
        CaseError,
        LeadLarkError,
        PayloadError,
        RuleError,
        SeveralPayloadsError,
        StoreError,
        UnknownChannelError,
    )
    from .loader import check_paths, load, loads
    from .mapping import Keys, MappedPayload
    from .memory import MemoryStore
    from .payload import Request
    from .source import Position, Source, Span
    from .store import Deciding, Key, Plan, Record, Search, Store, Task, Work, Write, settle
    from .stores import open_store

__version__ = "0.1.0"

_HOMES = {
    "channel": ("Channel", "Rules"),
    "decision": (
        "ActivityPart",
        "ContactPart",
        "Decision",
        "EntityPart",
        "Note",
        "Origin",
        "Problem",
        "RecordPart",
    ),
    "diagnostics": ("Diagnostic", "Edit", "Label"),
    "errors": (
        "CaseError",
        "LeadLarkError",
        "PayloadError",
        "RuleError",
        "SeveralPayloadsError",
        "StoreError",
        "UnknownChannelError",
    ),
    "loader": ("check_paths", "load", "loads"),
    "mapping": ("Keys", "MappedPayload"),
    "memory": ("MemoryStore",),
    "payload": ("Request",),
    "source": ("Position", "Source", "Span"),
    "store": (
        "Deciding",
        "Key",
        "Plan",
        "Record",
        "Search",
        "Store",
        "Task",
        "Work",
        "Write",
        "settle",
    ),
    "stores": ("open_store",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "ActivityPart",
    "CaseError",
    "Channel",
    "ContactPart",
    "Deciding",
    "Decision",
    "Diagnostic",
    "Edit",
    "EntityPart",
    "Key",
    "Keys",
    "Label",
    "LeadLarkError",
    "MappedPayload",
    "MemoryStore",
    "Note",
    "Origin",
    "PayloadError",
    "Plan",
    "Position",
    "Problem",
    "Record",
    "RecordPart",
    "Request",
    "RuleError",
    "Rules",
    "Search",
    "SeveralPayloadsError",
    "Source",
    "Span",
    "Store",
    "StoreError",
    "Task",
    "UnknownChannelError",
    "Work",
    "Write",
    "check_paths",
    "load",
    "loads",
    "open_store",
    "settle",
]


def __getattr__(name: str) -> object:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{home}", __name__), name)


def __dir__() -> list[str]:
    return sorted((*globals(), *__all__))
