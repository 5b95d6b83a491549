"""Whether a request comes from who knows the channel's secret."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ..language.nodes import Auth
from ..late_dataclass import dataclass
from .claims import Claim
from .payloads import mailgun, token
from .received import NotProvenError, Received
from .signatures import OF_BODY, generic, hubspot, of_body, webflow
from .strength import Secret, keys


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not taken: one sentence for the log, without a secret or payload text."""

    reason: str


def check(
    auth: Auth, secrets: Sequence[Secret], received: Received, now: datetime
) -> Refusal | None:
    """Why a channel's ``auth`` refuses a request; None where its sender is proven.

    Pure, and nothing that is sent makes it raise.

    Args:
        auth: The statement of the channel that decides.
        secrets: The values of its secret; with any one of them the proof holds, so that an old and
            a new one can be in use at once. Those too weak for the scheme are left aside.
        received: The request as it came.
        now: The time, with an offset.
    """
    try:
        known = keys(auth, secrets)
        for claim in _claims(auth, received, now):
            claim.hold(known)
    except NotProvenError as refused:
        return Refusal(str(refused))
    return None


def _claims(auth: Auth, received: Received, now: datetime) -> Sequence[Claim]:
    """What has to hold, at least one claim."""
    match auth.scheme.text:
        case "standard":
            # An extra: who serves no such channel can do without the library.
            from .standard import claim  # noqa: PLC0415 (imported when first needed)

            return [claim(received, now)]
        case "mailgun":
            return [mailgun(received, now)]
        case "webflow":
            return [webflow(received, now)]
        case "hubspot":
            return [hubspot(received, now)]
        case "hmac":
            return [generic(auth, received)]
        case "token":
            return token(auth, received, now)
        case name if name in OF_BODY:
            return [of_body(received, OF_BODY[name])]
        case name:
            raise NotProvenError(f"the scheme {name} is not known")
