"""How a channel knows its senders: a token as a security scheme, a signature in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..language.nodes import Auth
from ..mapping.scope import path_text
from .kinds import Schema

_SIGNATURES: Final[Mapping[str, str]] = {
    "standard": "as Standard Webhooks has it: in the header `webhook-signature`, with "
    "`webhook-id` and `webhook-timestamp`",
    "woocommerce": "by WooCommerce, in the header `X-WC-Webhook-Signature`",
    "shopify": "by Shopify, in the header `X-Shopify-Hmac-Sha256`",
    "typeform": "by Typeform, in the header `Typeform-Signature`",
    "facebook": "by Facebook, in the header `X-Hub-Signature-256`",
    "mailgun": "by Mailgun, with the time, the token and the signature in its payload",
    "webflow": "by Webflow, in the header `X-Webflow-Signature`, with `X-Webflow-Timestamp`",
    "hubspot": "by HubSpot, in the header `X-HubSpot-Signature-v3` or `X-HubSpot-Signature`",
}


def scheme_of(auth: Auth | None) -> Schema | None:
    """The security scheme of a token in a header or in the query; None for all else."""
    if auth is None or auth.scheme.text != "token" or auth.key is None:
        return None
    if auth.place not in ("header", "query"):
        return None
    return {"type": "apiKey", "in": auth.place, "name": auth.key.text}


def told(auth: Auth | None) -> str | None:
    """A sentence about the proof that no security scheme can stand for."""
    if auth is None or scheme_of(auth) is not None:
        return None
    name = auth.scheme.text
    if name == "token" and auth.path is not None:
        return f"The payload holds the sender's token in `{path_text(auth.path)}`."
    if name == "hmac" and auth.key is not None:
        form = "hexadecimal digits" if auth.encoding == "hex" else "base64"
        begins = f", behind `{auth.prefix}`" if auth.prefix else ""
        header = f"the header `{auth.key.text}` holds the HMAC-SHA256 of the body in {form}{begins}"
        return f"The request is signed: {header}."
    return f"The request is signed {_SIGNATURES.get(name, 'by its sender')}."
