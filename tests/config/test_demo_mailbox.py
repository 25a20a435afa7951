"""The demo's mailbox: what is sent lies there, and can be read."""

import smtplib
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

import pytest

from automations.email.receiving import reading
from automations.email.receiving.reading import Kind
from config.demo import ports, returning
from tests.config.processes import soon

ROOT = Path(__file__).parents[2]


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[tuple[int, int]]:
    """A mailbox in a process of its own: the ports of its mail server and of its page."""
    smtp_port, page_port = ports.any_free(), ports.any_free()
    command = [sys.executable, "-m", "config.demo.mailbox", str(smtp_port), str(page_port), str(tmp_path / "mail")]
    process = subprocess.Popen(command, cwd=ROOT)
    assert soon(lambda: ports.answers(page_port, "/") and ports.listens(smtp_port))
    yield smtp_port, page_port
    process.kill()
    process.wait()


def read(port: int, path: str = "/") -> str:
    """Fetch a page."""
    with build_opener(ProxyHandler({})).open(f"http://127.0.0.1:{port}{path}") as page:
        return str(page.read().decode())


def test_what_is_sent_can_be_read(mailbox: tuple[int, int], tmp_path: Path) -> None:
    smtp_port, page_port = mailbox
    assert "Nothing has been sent yet." in read(page_port)
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "Votre essai « <b> »", "a@example.com", "b@example.com"
    message.set_content("Bonjour à vous,\n\n.\n..deux points <script>\n")
    with smtplib.SMTP("127.0.0.1", smtp_port) as server:
        server.send_message(message)
        server.send_message(message)
    assert read(page_port).count("Votre essai « &lt;b&gt; »</a>") == 2
    [one, _other] = (tmp_path / "mail").glob("*.eml")
    shown = read(page_port, f"/{one.name}").replace("\r\n", "\n")
    assert "Bonjour à vous,\n\n.\n..deux points &lt;script&gt;" in shown
    assert "To: b@example.com" in shown
    with pytest.raises(HTTPError):
        read(page_port, "/../../etc/passwd")


def test_html_is_shown_as_mail_programs_do_with_a_way_to_unsubscribe(mailbox: tuple[int, int], tmp_path: Path) -> None:
    smtp_port, page_port = mailbox
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "News", "a@example.com", "b@example.com"
    message["List-Unsubscribe"] = "<http://127.0.0.1:8000/e/u/x>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content("Plain")
    message.add_alternative("<p>Rich</p>", subtype="html")
    with smtplib.SMTP("127.0.0.1", smtp_port) as server:
        server.send_message(message)
    [one] = (tmp_path / "mail").glob("*.eml")
    shown = read(page_port, f"/{one.name}")
    assert f'<iframe src="/{one.name}/html"' in shown
    assert 'action="http://127.0.0.1:8000/e/u/x"' in shown
    assert "Plain" in shown
    assert "<p>Rich</p>" in read(page_port, f"/{one.name}/html")


@pytest.mark.parametrize(
    ("act", "kind"), [("answer", Kind.ANSWER), ("bounce", Kind.BOUNCED), ("complaint", Kind.COMPLAINT)]
)
def test_what_comes_back_is_written_as_mail_servers_write_it(act: str, kind: Kind) -> None:
    message = EmailMessage()
    message["Subject"], message["To"], message["Reply-To"] = "News", "b@example.com", "r-x@reply.example"
    returned = returning.ACTS[act][1](message, "Thanks")
    assert reading.read(returned).kind is kind
    assert returned["To"] == "r-x@reply.example"


def test_answers_are_offered_where_there_is_an_address_for_them(mailbox: tuple[int, int], tmp_path: Path) -> None:
    smtp_port, page_port = mailbox
    for reply_to in ("r-x@reply.example", "a@example.com"):
        message = EmailMessage()
        message["Subject"], message["From"], message["To"] = "News", "a@example.com", "b@example.com"
        message["Reply-To"] = reply_to
        with smtplib.SMTP("127.0.0.1", smtp_port) as server:
            server.send_message(message)
    offered = [f"{one.name}/answer" in read(page_port, f"/{one.name}") for one in (tmp_path / "mail").glob("*.eml")]
    assert sorted(offered) == [False, True]
