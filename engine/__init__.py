"""LeadLark: rules that decide what an incoming web request becomes in a CRM.

Names are loaded when they are first used, so that a program pays only for what it needs.
"""

from __future__ import annotations

from importlib import import_module

from .release import __version__ as __version__

TYPE_CHECKING = False  # `typing` takes long to import for what prints help
if TYPE_CHECKING:
    from .adapters.gathering import Gathered
    from .adapters.memory import MemoryStore
    from .adapters.opening import open_store
    from .adapters.threads import InThreads
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
    from .errors import (
        CaseError,
        LeadLarkError,
        PayloadError,
        RuleError,
        SecretsError,
        SettingsError,
        SeveralPayloadsError,
        StoreError,
        StoreUrlError,
        UnknownChannelError,
    )
    from .explaining.explanation import Explanation
    from .explaining.masking import Mask
    from .explaining.telling import explain
    from .journal import Delivery, Entry, Identity, Journal, Recorded, Wanted
    from .loader import check_paths, load, loads
    from .mapping.mapped import Keys, MappedPayload
    from .messages.diagnostics import Diagnostic, Edit, Label
    from .messages.source import Position, Source, Span
    from .request.payload import Request
    from .store import (
        AsyncStore,
        Deciding,
        JournalStore,
        Key,
        Outcome,
        Plan,
        Record,
        Search,
        Store,
        Task,
        Unit,
        Work,
        Write,
        settle,
        settle_async,
    )


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
    "messages.diagnostics": ("Diagnostic", "Edit", "Label"),
    "errors": (
        "CaseError",
        "LeadLarkError",
        "PayloadError",
        "RuleError",
        "SecretsError",
        "SettingsError",
        "SeveralPayloadsError",
        "StoreError",
        "StoreUrlError",
        "UnknownChannelError",
    ),
    "explaining.explanation": ("Explanation",),
    "explaining.masking": ("Mask",),
    "explaining.telling": ("explain",),
    "journal": ("Delivery", "Entry", "Identity", "Journal", "Recorded", "Wanted"),
    "loader": ("check_paths", "load", "loads"),
    "mapping.mapped": ("Keys", "MappedPayload"),
    "adapters.gathering": ("Gathered",),
    "adapters.memory": ("MemoryStore",),
    "request.payload": ("Request",),
    "messages.source": ("Position", "Source", "Span"),
    "store": (
        "AsyncStore",
        "Deciding",
        "JournalStore",
        "Key",
        "Outcome",
        "Plan",
        "Record",
        "Search",
        "Store",
        "Task",
        "Unit",
        "Work",
        "Write",
        "settle",
        "settle_async",
    ),
    "adapters.threads": ("InThreads",),
    "adapters.opening": ("open_store",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "ActivityPart",
    "AsyncStore",
    "CaseError",
    "Channel",
    "ContactPart",
    "Deciding",
    "Decision",
    "Delivery",
    "Diagnostic",
    "Edit",
    "EntityPart",
    "Entry",
    "Explanation",
    "Gathered",
    "Identity",
    "InThreads",
    "Journal",
    "JournalStore",
    "Key",
    "Keys",
    "Label",
    "LeadLarkError",
    "MappedPayload",
    "Mask",
    "MemoryStore",
    "Note",
    "Origin",
    "Outcome",
    "PayloadError",
    "Plan",
    "Position",
    "Problem",
    "Record",
    "RecordPart",
    "Recorded",
    "Request",
    "RuleError",
    "Rules",
    "Search",
    "SecretsError",
    "SettingsError",
    "SeveralPayloadsError",
    "Source",
    "Span",
    "Store",
    "StoreError",
    "StoreUrlError",
    "Task",
    "Unit",
    "UnknownChannelError",
    "Wanted",
    "Work",
    "Write",
    "check_paths",
    "explain",
    "load",
    "loads",
    "open_store",
    "settle",
    "settle_async",
]


def __getattr__(name: str) -> object:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{home}", __name__), name)


def __dir__() -> list[str]:
    return sorted((*globals(), *__all__))
