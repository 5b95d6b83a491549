"""Senders' proof: whether a request comes from who knows a channel's secret, and greetings.

Pure: neither the clock nor the place where secrets are kept is known here.
"""

from __future__ import annotations

from .check import Refusal, check
from .greeting import Greeting, greeting
from .problems import problems
from .received import Received
from .strength import Secret

__all__ = ["Greeting", "Received", "Refusal", "Secret", "check", "greeting", "problems"]
