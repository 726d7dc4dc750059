"""One window per owner: a second start hands its file to the first one, which comes to the front."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from shopdesk.ui.late import server_name

WAIT_MS = 500


def hand_over(path: Path | None) -> bool:
    """Give the file to a window that is open already; False when there is none."""
    socket = QLocalSocket()
    socket.connectToServer(server_name())
    if not socket.waitForConnected(WAIT_MS):
        return False
    socket.write((str(path.resolve()) if path else "").encode() + b"\n")
    socket.waitForBytesWritten(WAIT_MS)
    answered = socket.waitForReadyRead(4 * WAIT_MS)
    socket.disconnectFromServer()
    return answered


class Instance(QObject):
    """Listens for later starts. Signals: ``called`` with the file of the other start, or None."""

    called = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)
        if not self._server.listen(server_name()):
            QLocalServer.removeServer(server_name())
            self._server.listen(server_name())

    def close(self) -> None:
        """Stop listening."""
        self._server.close()

    def _on_connection(self) -> None:
        socket = self._server.nextPendingConnection()
        if socket is not None:
            socket.readyRead.connect(self._on_ready)
            socket.disconnected.connect(socket.deleteLater)

    def _on_ready(self) -> None:
        socket = self.sender()
        if not isinstance(socket, QLocalSocket) or not socket.canReadLine():
            return
        named = bytes(socket.readLine().data()).decode("utf-8", "replace").strip()
        socket.write(b"ok\n")
        socket.flush()
        self.called.emit(Path(named) if named else None)
