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
from urllib.parse import parse_qs

from config.demo import mail_server, ports, returning

SHOWN = 200
MOST_BYTES = 100_000
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><meta name="color-scheme" content="light dark">{refresh}<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem }}
iframe {{ width: 100%; height: 34rem; border: 1px solid; background: #fff }}
pre {{ font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; border-top: 1px solid; padding-top: 1rem }}
li {{ margin: .6rem 0 }} small {{ opacity: .75 }}
</style><h1>{title}</h1>{body}</html>"""


class _Handler(BaseHTTPRequestHandler):
    folder: Path

    def do_GET(self) -> None:
        """Show the list, or one e-mail, or its HTML as a mail program does."""
        name, _slash, part = self.path.strip("/").partition("/")
        known = {file.name: file for file in _newest(self.folder)}
        if not name:
            self._answer(200, _listed(list(known.values())))
        elif name in known and part == "html":
            self._answer(200, _html(_read(known[name])), policy=_AS_MAIL)
        elif name in known:
            self._answer(200, _shown(name, _read(known[name])))
        else:
            self._answer(404, _PAGE.format(title="There is no such e-mail", refresh="", body=_HOME))

    def do_POST(self) -> None:
        """Hand over what the reader of an e-mail, or their mail server, sends back for it."""
        name, _slash, act = self.path.strip("/").partition("/")
        known = {file.name: file for file in _newest(self.folder)}
        told = parse_qs(self.rfile.read(min(int(self.headers.get("Content-Length") or 0), MOST_BYTES)).decode())
        if name not in known or act not in returning.ACTS:
            self._answer(404, _PAGE.format(title="There is no such e-mail", refresh="", body=_HOME))
            return
        returned = returning.ACTS[act][1](_read(known[name]), told.get("text", [""])[0])
        words = "It is on its way." if returning.hand_over(returned) else "It was not taken."
        self._answer(200, _PAGE.format(title=words, refresh="", body=_HOME))

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, status: int, page: str, policy: str = "") -> None:
        body = page.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", policy or _OURS)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


_OURS = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self' http: https:"
# Pictures come from wherever they are, and nothing runs; a link opens a window of its own.
_AS_MAIL = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src http: https: data:; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
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


def _shown(name: str, one: EmailMessage) -> str:
    heads = "".join(f"<br>{head}: {escape(str(one[head]))}" for head in ("From", "To", "Date", "Reply-To") if one[head])
    text = one.get_body(("plain",))
    plain = f"<pre>{escape(text.get_content() if text else '')}</pre>"
    body = f"{_HOME}<p><small>{heads[4:]}</small></p>{_leave(one)}"
    if one.get_body(("html",)):
        frame = f'<iframe src="/{name}/html" title="{escape(str(one["Subject"]))}"></iframe>'
        body += f"{frame}<details><summary>As plain text</summary>{plain}</details>"
    else:
        body += plain
    body += _returns(name, one)
    return _PAGE.format(title=escape(str(one["Subject"])), refresh="", body=body)


def _html(one: EmailMessage) -> str:
    part = one.get_body(("html",))
    return '<base target="_blank">' + (part.get_content() if part else "")


def _leave(one: EmailMessage) -> str:
    """Offer to unsubscribe with one click, as mail programs do that find the headers for it."""
    if one["List-Unsubscribe-Post"] != "List-Unsubscribe=One-Click":
        return ""
    address = escape(str(one["List-Unsubscribe"]).strip("<>"))
    inside = '<input type="hidden" name="List-Unsubscribe" value="One-Click"><button>Unsubscribe (one click)</button>'
    return f'<form method="post" action="{address}" target="_blank">{inside}</form>'


def _returns(name: str, one: EmailMessage) -> str:
    """Offer what can come back for it, where it has an address for that."""
    if not str(one["Reply-To"] or "").startswith("r-"):
        return ""
    inside = {act: f"<button>{label}</button>" for act, (label, _write) in returning.ACTS.items()}
    inside["answer"] = '<textarea name="text" rows="3" cols="60" aria-label="Answer"></textarea><br>' + inside["answer"]
    return "".join(f'<form method="post" action="/{name}/{act}">{part}</form>' for act, part in inside.items())


def main(smtp_port: str, page_port: str, folder: str) -> None:
    """Serve until the process is ended."""
    kept = Path(folder)
    kept.mkdir(parents=True, exist_ok=True)
    threading.Thread(target=mail_server.MailServer(int(smtp_port), kept).serve_forever, daemon=True).start()
    handler = type("Handler", (_Handler,), {"folder": kept})
    ThreadingHTTPServer((ports.HOST, int(page_port)), handler).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
