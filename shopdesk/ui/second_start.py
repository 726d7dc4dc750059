"""One window per owner: a second start hands its file to the first one, which comes to the front.

It is asked before anything of a window is loaded, so that the first one is there within a second.
"""

import sys
import zlib
from pathlib import Path

from PySide6.QtCore import QDir

from shopdesk.core.paths import user_dir

WAIT_MS = 500


def server_name() -> str:
    """The name under which this owner's window listens; another settings folder is another owner."""
    return f"shopdesk-{zlib.crc32(str(user_dir().resolve()).encode()):08x}"


def hand_over(path: Path | None) -> bool:
    """Give the file to a window that is open already; False when there is none."""
    if sys.platform != "win32" and not Path(QDir.tempPath(), server_name()).exists():
        return False
    from PySide6.QtNetwork import QLocalSocket  # no first start needs it before its first rows

    socket = QLocalSocket()
    socket.connectToServer(server_name())
    if not socket.waitForConnected(WAIT_MS):
        return False
    socket.write((str(path.resolve()) if path else "").encode() + b"\n")
    socket.waitForBytesWritten(WAIT_MS)
    answered = socket.waitForReadyRead(4 * WAIT_MS)
    socket.disconnectFromServer()
    return answered
