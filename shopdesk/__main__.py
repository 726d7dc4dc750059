"""`shopdesk`, `python -m shopdesk` and the packaged program start here."""

from __future__ import annotations

import multiprocessing
import sys


def main() -> int:
    """Hand the arguments to the command line; the reader child of the packaged program starts here too."""
    multiprocessing.freeze_support()
    from shopdesk.cli import run  # after freeze_support, which ends a child here

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
