"""Names of secrets, as rule files, the environment and the command line write them."""

from __future__ import annotations

import unicodedata
from typing import Final

VARIABLE: Final = "LEADLARK_SECRET_"
"""What the environment variable of a secret begins with; its name follows."""

FORMER: Final = "LEADLARK_OLD_SECRET_"
"""What the variable of the former value begins with, while both are in use."""


def canonical(name: str) -> str:
    """The one spelling of a name: upper case, ``_`` for ``-``; `shop` and `SHOP` are one secret."""
    return unicodedata.normalize("NFC", name.strip()).upper().replace("-", "_")


def is_name(name: str) -> bool:
    """Whether a rule file can name a secret so: letters, digits, ``_``, no digit at the start."""
    text = canonical(name)
    return (
        bool(text)
        and all(each == "_" or each.isalnum() for each in text)
        and not (text[0].isdigit())
    )
