"""The demo's mailbox: a mail server on loopback that keeps what it is given, and a page to read it.

python -m config.demo.mailbox SMTP_PORT PAGE_PORT FOLDER
"""

import sys
import threading
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from config.demo import mail_server, ports

SHOWN = 200
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><meta name="color-scheme" content="light dark">{refresh}<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem }}
pre {{ font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; border-top: 1px solid; padding-top: 1rem }}
li {{ margin: .6rem 0 }} small {{ opacity: .75 }}
</style><h1>{title}</h1>{body}</html>"""


class _Handler(BaseHTTPRequestHandler):
    folder: Path

    def do_GET(self) -> None:
        """Show the list, or one e-mail."""
        name = self.path.strip("/")
        known = {file.name: file for file in _newest(self.folder)}
        if not name:
            self._answer(200, _listed(list(known.values())))
        elif name in known:
            self._answer(200, _shown(_read(known[name])))
        else:
            self._answer(404, _PAGE.format(title="There is no such e-mail", refresh="", body=_HOME))

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, status: int, page: str) -> None:
        body = page.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


_HOME = '<p><a href="/">All e-mails</a></p>'


def _newest(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.eml"), reverse=True)[:SHOWN]


def _read(file: Path) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(file.read_bytes())


def _listed(files: list[Path]) -> str:
    rows = "".join(_row(file.name, _read(file)) for file in files)
    body = f"<ul>{rows}</ul>" if rows else "<p>Nothing has been sent yet.</p>"
    said = f"<p>Everything that the demo sends comes here, and to nobody else; the newest {SHOWN} are shown.</p>"
    return _PAGE.format(title="Pretend mailbox", refresh='<meta http-equiv="refresh" content="10">', body=said + body)


def _row(name: str, one: EmailMessage) -> str:
    link = f'<a href="/{name}">{escape(str(one["Subject"]))}</a>'
    return f"<li>{link}<br><small>{escape(str(one['To']))}, {escape(str(one['Date']))}</small></li>"


def _shown(one: EmailMessage) -> str:
    heads = "".join(f"<br>{name}: {escape(str(one[name]))}" for name in ("From", "To", "Date"))
    text = one.get_body(("plain",))
    body = f"{_HOME}<p><small>{heads[4:]}</small></p><pre>{escape(text.get_content() if text else '')}</pre>"
    return _PAGE.format(title=escape(str(one["Subject"])), refresh="", body=body)


def main(smtp_port: str, page_port: str, folder: str) -> None:
    """Serve until the process is ended."""
    kept = Path(folder)
    kept.mkdir(parents=True, exist_ok=True)
    threading.Thread(target=mail_server.MailServer(int(smtp_port), kept).serve_forever, daemon=True).start()
    handler = type("Handler", (_Handler,), {"folder": kept})
    ThreadingHTTPServer((ports.HOST, int(page_port)), handler).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
