"""``python -m leadlark.compiled RULES [ADDRESS]``: print the functions that channels run as.

They are what `mapping.compiler` makes of the checked nodes, written out as Python for reading;
the names of constants end in numbers. Channels above `MAX_STATEMENTS` have none.
"""

from __future__ import annotations

import sys

from .channel import Rules
from .errors import LeadLarkError
from .loader import load


def written(rules: Rules, address: str | None = None) -> str:
    """The functions of the channel at an address, or of all channels, as Python text.

    Raises `UnknownChannelError` for an address that no channel has.
    """
    channels = rules.values() if address is None else [rules[address]]
    return "\n".join(
        f"# {each.address}{where if each.program.each else ''}\n{half.source}\n"
        for each in channels
        for where, half in zip((", above each", ", below each"), each.program.halves, strict=True)
        if half is not None and half.source
    )


def main(arguments: list[str]) -> int:
    """Print the functions; the exit status, 2 for rules and channels that are not there."""
    if len(arguments) not in (1, 2):
        sys.stderr.write("usage: python -m leadlark.compiled RULES [ADDRESS]\n")
        return 2
    try:
        sys.stdout.write(written(load(arguments[0]), *arguments[1:]))
    except OSError as error:
        sys.stderr.write(f"{arguments[0]}: {error.strerror}\n")
        return 2
    except LeadLarkError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
