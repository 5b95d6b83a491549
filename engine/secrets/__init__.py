"""Where the secrets of senders come from: the environment, and a file that is kept for them."""

from __future__ import annotations

from .sources import Secrets

__all__ = ["Secrets"]
