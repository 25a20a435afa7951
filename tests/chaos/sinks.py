"""What the house sends leaves it here: a mail server and a receiver of webhooks, which remember all and can be bad."""

import re
import socketserver
import threading
import time
from collections import defaultdict
from email import message_from_bytes
from email.policy import default
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# The picture that tells that an e-mail was opened, and the links that tell that they were followed.
_LINKS = re.compile(r"/e/[oc]/[\w-]+(?:\.gif)?")


class Manner(StrEnum):
    """How a sink behaves: well, or by taking nothing, not now, never, or by taking it and hanging up unanswered."""

    GOOD = "good"
    NOT_NOW = "not now"
    NEVER = "never"
    UNANSWERED = "taken, not answered"
    HALF = "hangs up before it has all"


class MailSink(socketserver.ThreadingTCPServer):
    """A mail server; `taken` has, for each e-mail's own number, when it was taken whole, however it was answered.

    `links` are what its readers may load and follow: the number, and the path of a picture or of a link at our site.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Mail)
        self.manner = Manner.GOOD
        self.taken: dict[str, list[float]] = defaultdict(list)
        self.links: list[tuple[str, str]] = []
        self.port: int = self.server_address[1]
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def take(self, message: bytes) -> None:
        """Remember one by the number in its Message-ID, and whom it went to."""
        read = message_from_bytes(message, policy=default)
        number = str(read["Message-ID"] or "").strip("<> ").partition("@")[0]
        self.taken[number or f"without number: {read['Subject']}"].append(time.time())
        html = read.get_body(("html",))
        found = _LINKS.findall(html.get_content()) if html else []
        self.links += [(number, path) for path in dict.fromkeys(found)]


class _Mail(socketserver.StreamRequestHandler):
    server: MailSink

    def handle(self) -> None:
        self._say("220 here")
        while line := self.rfile.readline(1000).decode(errors="replace").strip():
            verb = line.split()[0].upper()
            if verb == "QUIT":
                self._say("221 bye")
                return
            if verb != "DATA":
                self._say(self._said_to_commands(verb))
            elif not self._data():
                return

    def _said_to_commands(self, verb: str) -> str:
        is_never = self.server.manner is Manner.NEVER
        return "550 no such mailbox" if verb == "RCPT" and is_never else "250 ok"

    def _data(self) -> bool:
        """Take a message; False where we hang up."""
        if self.server.manner is Manner.HALF:
            self._say("354 go on")
            self.rfile.read(20)
            return False
        self._say("354 go on")
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        if not line:  # the other side hung up before the end: nothing was taken
            return False
        if self.server.manner is Manner.NOT_NOW:
            self._say("451 try again later")
            return True
        self.server.take(b"".join(lines))
        if self.server.manner is Manner.UNANSWERED:
            return False
        self._say("250 taken")
        return True

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class HookSink(ThreadingHTTPServer):
    """A receiver of webhooks; `taken` has, for each call's id, when it was taken, however that was answered."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Hook)
        self.manner = Manner.GOOD
        self.taken: dict[str, list[float]] = defaultdict(list)
        self.port: int = self.server_port
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()


_STATUSES = {Manner.GOOD: 200, Manner.NOT_NOW: 503, Manner.NEVER: 410}


class _Hook(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: HookSink

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        manner = self.server.manner
        if manner is Manner.HALF or not body:
            self.close_connection = True
            return
        if manner in (Manner.GOOD, Manner.UNANSWERED):
            self.server.taken[self.headers["webhook-id"]].append(time.time())
        if manner is Manner.UNANSWERED:
            self.close_connection = True
            return
        self.send_response(_STATUSES[manner])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""
