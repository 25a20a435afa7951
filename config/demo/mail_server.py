"""A mail server on loopback that takes everything and keeps it as files, one an e-mail, named by when it came."""

import socketserver
import time
from pathlib import Path

from config.demo import ports

MOST_BYTES = 5_000_000


class _Session(socketserver.StreamRequestHandler):
    server: "MailServer"

    def handle(self) -> None:
        """Talk to one client until it leaves."""
        self._say("220 the demo's mailbox")
        while line := self.rfile.readline(1000).decode(errors="replace").strip():
            verb = line.split()[0].upper()
            if verb == "QUIT":
                self._say("221 bye")
                return
            if verb == "DATA":
                self._say("354 go on")
                self.server.keep(self._message())
            self._say("250 ok")

    def _message(self) -> bytes:
        """Read until the line with nothing but a dot; a dot that was doubled on the way is one."""
        lines, size = [], 0
        while (line := self.rfile.readline(MOST_BYTES)) not in (b".\r\n", b""):
            size += len(line)
            if size <= MOST_BYTES:
                lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """Listens on loopback only."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int, folder: Path) -> None:
        super().__init__((ports.HOST, port), _Session)
        self.folder = folder

    def keep(self, message: bytes) -> None:
        """Write it whole or not at all."""
        new = self.folder / f"{time.time_ns()}.new"
        new.write_bytes(message)
        new.replace(new.with_suffix(".eml"))
