"""The SQLite library and its wrapper: how they are loaded."""

import subprocess
import sys


def test_the_first_write_and_pandas_may_load_at_the_same_time() -> None:
    """The first chart is drawn while the first act is written: neither takes the other's module away."""
    code = (
        "import sys, threading, time\n"
        "from shopdesk.core import sqlite\n"
        "def load():\n"
        "    while 'sqlite_utils' not in sys.modules: time.sleep(0.0002)\n"
        "    import pandas\n"
        "    print('loaded', bool(pandas.DataFrame))\n"
        "thread = threading.Thread(target=load)\n"
        "thread.start()\n"
        "sqlite.sqlite_utils()\n"
        "thread.join()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("loaded True\n", "")
