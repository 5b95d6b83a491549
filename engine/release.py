"""What this release of LeadLark is called, and what it reads."""

from __future__ import annotations

TYPE_CHECKING = False  # `typing` takes long to import for what prints help
if TYPE_CHECKING:
    from typing import Final

__version__: Final = "0.1.0"

EDITIONS: Final = (1,)
"""The editions of the language that it reads."""
