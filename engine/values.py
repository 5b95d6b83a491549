"""Values of payloads: their four states, their text, their numbers, their search keys.

A value is absent, null, empty (or blank) text, or a value; ``0`` and ``false`` are values.
"""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import Final, Literal, TypeAlias


class _Absent(Enum):
    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"


Absent: TypeAlias = Literal[_Absent.ABSENT]
ABSENT: Final = _Absent.ABSENT

Json: TypeAlias = "bool | int | Decimal | str | list[Json] | dict[str, Json] | None"
Value: TypeAlias = "Json | Absent"
