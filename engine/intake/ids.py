"""Ids of deliveries."""

from __future__ import annotations

import uuid_utils


def new_id() -> str:
    """Another id: UUID version 7 (RFC 9562), so that ids sort by the time they were made."""
    return str(uuid_utils.uuid7())
