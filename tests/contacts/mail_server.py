"""A mail server on loopback that speaks just enough SMTP, keeps what it is sent, and refuses what it is told to."""

import email
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from typing import Any


class _Session(socketserver.StreamRequestHandler):
    server: "MailServer"

    def handle(self) -> None:
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            if verb == "QUIT":
                self.say("221 bye")
                return
            if verb == "MAIL":
                self.server.senders.append(line.partition("<")[2].partition(">")[0])
            if not self.answer(verb):
                return

    def answer(self, verb: str) -> bool:
        """Answer a command; False where the server hangs up."""
        self.say(self.server.answers.get(verb, "354 go on" if verb == "DATA" else "250 ok"))
        if verb != "DATA" or "DATA" in self.server.answers:
            return True
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        if self.server.hangs_up:
            return False
        self.server.inbox.append(email.message_from_bytes(b"".join(lines), policy=default))
        self.say("250 taken")
        return True

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """What it was sent lies in `inbox`, from whom in `senders`; `answers` says what it says instead of yes."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.inbox: list[EmailMessage] = []
        self.senders: list[str] = []  # of the envelopes
        self.answers: dict[str, str] = {}
        self.hangs_up = False

    @property
    def mailers(self) -> dict[str, Any]:
        """The setting that leads to it."""
        host, port = self.server_address[:2]
        options = {"host": host, "port": port, "timeout": 5}
        return {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run one while the block runs."""
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
