"""`shopdesk`, `python -m shopdesk` and the packaged program start here."""

from __future__ import annotations

import sys
from importlib import import_module


def main() -> int:
    """Hand the arguments to the command line, or to the child that reads a file.

    The packaged program has no interpreter to start a module with: it starts itself, as a child.
    """
    if sys.argv[1:2] == ["--child"] and sys.argv[2] in import_module("shopdesk.core.process").MODULES:
        return int(import_module(sys.argv[2]).main())
    return int(import_module("shopdesk.cli").run(sys.argv[1:]))


if __name__ == "__main__":
    sys.exit(main())
