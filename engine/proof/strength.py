"""What a secret has to be so that a channel's scheme can lean on it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Final, TypeAlias

from ..language.nodes import Auth
from .received import NotProvenError

Secret: TypeAlias = bytes | str
"""The value of a secret; text stands for its UTF-8."""

MIN_BYTES: Final = 16
"""The fewest bytes of a secret: 128 bits, beyond guessing where they are random."""

MIN_STANDARD_BYTES: Final = 24
"""The fewest bytes that a secret of Standard Webhooks stands for; its specification says so."""

_PREFIX: Final = "whsec_"


def fault(text: str) -> str | None:
    """What keeps a text from being a secret of any scheme, as the end of a sentence."""
    if not text:
        return "is empty"
    if text != text.strip():
        return "has blanks around it"
    if not text.isprintable():
        return "has control or unseen characters in it"
    size = len(text.encode("utf-8"))
    return None if size >= MIN_BYTES else f"has {size} bytes; at least {MIN_BYTES} are needed"


def weakness(auth: Auth, secret: Secret) -> str | None:
    """What keeps a secret from being used in a scheme, as the end of a sentence."""
    try:
        _key(auth, secret)
    except NotProvenError as refused:
        return str(refused)
    return None


def keys(auth: Auth, secrets: Sequence[Secret]) -> list[bytes]:
    """The keys of the secrets that the scheme can lean on; `NotProvenError` where there is none."""
    found: list[bytes] = []
    why = "is not set"
    for secret in secrets:
        try:
            found.append(_key(auth, secret))
        except NotProvenError as refused:
            why = str(refused)
    if not found:
        raise NotProvenError(f"the secret {auth.secret.text} {why}")
    return found


def _key(auth: Auth, secret: Secret) -> bytes:
    try:
        text = secret if isinstance(secret, str) else secret.decode()
        key = text.encode()
    except UnicodeError:
        raise NotProvenError("is no text in UTF-8") from None
    if auth.scheme.text == "standard":
        return _standard_key(text)
    wrong = fault(text)
    if wrong is None and auth.scheme.text == "token" and not text.isascii():
        wrong = "has characters other than ASCII, which a token cannot have"
    if wrong is not None:
        raise NotProvenError(wrong)
    return key


def _standard_key(text: str) -> bytes:
    """The bytes behind ``whsec_``, the prefix being free as in the reference libraries."""
    encoded = text.removeprefix(_PREFIX)
    try:
        padding = "=" * (-len(encoded) % 4)
        key = base64.b64decode(encoded + padding, validate=True)
    except (ValueError, binascii.Error):
        raise NotProvenError(f"is not {_PREFIX} and base64, as Standard Webhooks has it") from None
    if len(key) < MIN_STANDARD_BYTES:
        raise NotProvenError(
            f"stands for {len(key)} bytes; Standard Webhooks needs at least {MIN_STANDARD_BYTES}"
        )
    return key
