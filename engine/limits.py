"""Limits of what senders send and integrators write; each has a code of its own in `codes`."""

from __future__ import annotations

from typing import Final

MAX_PAYLOAD_BYTES: Final = 1024 * 1024
"""A request's body or its query string, in bytes."""

MAX_VALUES: Final = 20_000
"""The values of a body: every text, number, true, false, null, object and list is one."""

MAX_DEPTH: Final = 64
"""Objects and lists within one another, the outermost counted."""

MAX_TEXT_BYTES: Final = 64 * 1024
"""One text or key, in bytes of UTF-8."""

MAX_DIGITS: Final = 1_000
"""The digits of one number as it is written, those of an exponent aside."""

MAX_EXPONENT: Final = 400
"""The exponent of one number as it is written, in either direction."""

MAX_RULE_FILE_BYTES: Final = 256 * 1024
"""A rule file, in bytes of UTF-8."""

MAX_STATEMENTS: Final = 2_000
"""The lines of a rule file that say something: statements, fields, table rows, braces."""

MAX_TOKENS: Final = 40_000
"""The words, signs and pieces of text of a rule file: what bounds the time to read it."""

MAX_NESTING: Final = 64
"""Blocks within blocks, and parentheses and `not` within one condition."""

MAX_STEPS: Final = 128
"""The steps of one path, keys inside `[…='…']` too; a payload nests half as deep."""

MAX_PATTERN: Final = 512
"""A pattern, in characters."""

MAX_TEMPLATE_TEXT: Final = 64 * 1024
"""What a template gives, and a text in a rule file, in characters."""

MAX_INDEX_DIGITS: Final = 9
"""The digits of an index in a path and of a duration."""

MAX_MISTAKES: Final = 500
"""The mistakes reported for one rule file; reading ends there."""
