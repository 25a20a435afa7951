"""Writing one message: what was prepared, filled in for one person, with the addresses that are theirs alone."""

import uuid
from dataclasses import dataclass, field
from email.utils import formataddr, parseaddr
from urllib.parse import urlsplit

from django.conf import settings

from automations.email import addresses
from automations.email.cleaning import SCHEMES
from automations.email.content import Content
from automations.email.headers import Mail
from automations.models import Sender, Sheet
from contacts.models import Contact
from subscriptions import personalisation
from subscriptions.models import RecurringPayment

# Under which name a message carries its number to a provider.
NUMBER = "ritournelle_message"
_PIXEL = '<img src="{address}" width="1" height="1" alt="" style="display:block;width:1px;height:1px;border:0">'


class CannotWrite(Exception):
    """A tag cannot be carried out for this person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A message as it is sent to one person."""

    subject: str
    html: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """All that makes a message; `number` is its own, random one, and `opens` and `clicks` say what is measured."""

    sheet: Sheet
    content: Content
    sender: Sender
    contact: Contact
    payment: RecurringPayment | None = None
    number: uuid.UUID = field(default_factory=uuid.uuid4)
    opens: bool = False
    clicks: bool = False
    is_other: bool = False

    @property
    def subject(self) -> str:
        """The template of the subject: the second one where that is tried and this language has one."""
        return (self.is_other and self.sheet.other_subject) or self.sheet.subject

    @property
    def is_marketing(self) -> bool:
        """Whether it goes to those only who are subscribed."""
        return self.content.purpose == "marketing"


def write(letter: Letter) -> Written:
    """Fill in what was prepared, in the language that is active; raise CannotWrite where a tag fails."""
    data = {
        **personalisation.data_of(letter.contact, letter.payment),
        "link": {
            name: addresses.address(purpose, letter.number)
            for name, purpose in (
                ("unsubscribe", addresses.UNSUBSCRIBE),
                ("preferences", addresses.PREFERENCES),
                ("browser", addresses.BROWSER),
            )
        },
    }
    links = _Links(letter)
    try:
        subject = personalisation.fill(letter.subject, data)
        html, text = (
            personalisation.fill_prepared(template, data, is_html=is_html, link=links.link, source=links.source)
            for template, is_html in ((letter.sheet.html, True), (letter.sheet.text, False))
        )
    except personalisation.RenderError as error:
        raise CannotWrite(str(error)) from error
    return Written(subject=" ".join(subject.split()), html=_with_pixel(html, letter), text=text)


def preheader(letter: Letter) -> str:
    """Fill in what mail programs show beside the subject."""
    _language, words = letter.content.in_language(letter.contact.language)
    try:
        return personalisation.fill(words.preheader, personalisation.data_of(letter.contact, letter.payment))
    except personalisation.RenderError as error:
        raise CannotWrite(str(error)) from error


def message(letter: Letter, written: Written, *, to: str = "") -> Mail:
    """Make the e-mail that a mail server gets; its Message-ID is the number, so that a repetition can be known."""
    name, address = sender_of(letter.content, letter.sender)
    host = address.rpartition("@")[2] or "localhost"
    headers = {"Message-ID": f"<{letter.number}@{host}>", "Auto-Submitted": "auto-generated"}
    if letter.is_marketing:
        leave = addresses.address(addresses.UNSUBSCRIBE, letter.number)
        headers |= {"List-Unsubscribe": f"<{leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    answers, envelope = letter.content.reply_to or letter.sender.reply_to, formataddr((name, address))
    if settings.REPLY_DOMAIN and not to:
        # what comes back, also from a mail server, leads to the message; who it is from stands in the header
        answers = addresses.reply_address(letter.number, settings.REPLY_DOMAIN)
        headers["From"], envelope = envelope, answers
    made = Mail(
        subject=written.subject,
        body=written.text,
        from_email=envelope,
        to=[to or letter.contact.email],
        reply_to=[answers] if answers else None,
        headers=headers,
    )
    made.attach_alternative(written.html, "text/html")
    made.metadata = {NUMBER: str(letter.number)}  # type: ignore[attr-defined] # what providers name it by
    return made


def sender_of(content: Content, sender: Sender) -> tuple[str, str]:
    """Return the name and the address from which an e-mail comes."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return content.sender_name or sender.name or name, content.sender or sender.email or address


class _Links:
    """What the addresses in an e-mail become."""

    def __init__(self, letter: Letter) -> None:
        self.letter = letter
        self.own = f"{settings.PUBLIC_URL}/e/"

    def link(self, target: str) -> str:
        """Lead through us where clicks are measured; what is no address of a page or a person leads nowhere."""
        target = target.strip()
        scheme = _scheme(target)
        if scheme not in SCHEMES:
            return "#"
        if scheme not in {"http", "https"} or not self.letter.clicks or target.startswith(self.own):
            return target
        return addresses.address(addresses.CLICK, self.letter.number, target)

    def source(self, target: str) -> str:
        """Show pictures that the web has."""
        return target if _scheme(target.strip()) in {"http", "https"} else ""


def _scheme(target: str) -> str:
    try:
        return urlsplit(target).scheme.lower()
    except ValueError:
        return ""


def _with_pixel(html: str, letter: Letter) -> str:
    if not letter.opens:
        return html
    pixel = _PIXEL.format(address=f"{addresses.address(addresses.OPEN, letter.number)}.gif")
    before, body, after = html.rpartition("</body>")
    return f"{before}{pixel}{body}{after}" if body else f"{html}{pixel}"
