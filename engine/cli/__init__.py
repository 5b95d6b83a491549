"""The command line: one module a command."""


def main() -> int:
    """Run the command."""
    return 0
