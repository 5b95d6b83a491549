"""What a request claims, and whether any secret bears it out."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterable, Sequence
from typing import Literal, TypeAlias

from ..late_dataclass import dataclass
from .received import NotProvenError

Encoding: TypeAlias = Literal["hex", "base64"]


@dataclass(frozen=True, slots=True)
class Claim:
    """What a request gives as its proof, and what it would give for a secret.

    ``given`` are the signatures or the token as received; ``expected`` makes of a secret's key
    what any one of them has to be. ``what`` names the given for a sentence.
    """

    given: Sequence[bytes]
    expected: Callable[[bytes], Iterable[bytes]]
    what: str = "the signature"

    def hold(self, keys: Iterable[bytes]) -> None:
        """Raise `NotProvenError` unless one of the given is what one of the keys makes.

        Everything is compared, each in constant time: how long it takes tells nothing.
        """
        held = False
        for key in keys:
            for wanted in self.expected(key):
                for given in self.given:
                    held |= hmac.compare_digest(wanted, given)
        if not held:
            raise NotProvenError(f"{self.what} is not made with the secret")


def sign(key: bytes, message: bytes, encoding: Encoding) -> bytes:
    """The HMAC-SHA256 of a message as the text of an encoding; hex in lower case."""
    digest = hmac.digest(key, message, hashlib.sha256)
    return digest.hex().encode() if encoding == "hex" else base64.b64encode(digest)
