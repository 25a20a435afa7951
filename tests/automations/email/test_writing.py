"""One message as one person gets it: what was prepared, filled in, with addresses that are theirs alone."""

import re
import time
from typing import Any
from urllib.parse import quote

import pytest
from django.core.mail import BadHeaderError
from django.utils import timezone, translation

from automations.email import addresses, content, kept, preparing, writing
from automations.models import Sender, Sheet
from contacts.models import Contact

SENDER = Sender(pk=1, name="Studio", email="hello@studio.example", postal_address="Rue 1\n75001 Paris")


def letter(
    contact: dict[str, Any] | None = None, *, clicks: bool = False, opens: bool = False, **told: Any
) -> writing.Letter:
    """Prepare an e-mail for somebody."""
    read = content.read(content.tidy({"subject": "Hello", "body": "<p>Text</p>", **told}))
    person = Contact(first_name="Ada", email="ada@example.com") if contact is None else Contact(**contact)
    person.created_at = timezone.now()
    made = preparing.prepare(read, language=person.language, sender=SENDER)
    sheet = Sheet(subject=made.subject, html=made.html, text=made.text)
    return writing.Letter(sheet=sheet, content=read, sender=SENDER, contact=person, opens=opens, clicks=clicks)


def test_values_are_escaped_in_html_and_safe_in_links() -> None:
    name = "<img src=x onerror=alert(1)>\"'"
    body = '<p>{{ contact.first_name }}</p><p><a href="https://x.example/?n={{ contact.first_name }}&amp;a=1">x</a></p>'
    written = writing.write(letter({"first_name": name}, body=body, purpose="service"))
    assert "<img src=x" not in written.html
    assert f'href="https://x.example/?n={quote(name, safe="")}&amp;a=1"' in written.html
    assert name in written.text


@pytest.mark.parametrize("target", ["javascript:alert(1)", " data:text/html,x", "", "//x.example", "vbscript:x"])
def test_an_address_of_a_person_leads_nowhere_unless_it_is_one(target: str) -> None:
    written = writing.write(letter({"company": target}, body='<p><a href="{{ contact.company }}">x</a></p>'))
    assert 'href="#"' in written.html


@pytest.mark.parametrize(
    "target", ["https://x.example/a?b=1&c=%20&d='#e", "http://x.example:8080/{}", "mailto:a@b.example"]
)
def test_an_address_of_a_person_stays_whole(target: str) -> None:
    written = writing.write(letter({"company": target}, body='<p><a href="{{ contact.company }}">x</a></p>'))
    assert target in re.sub("&#39;", "'", written.html.replace("&amp;", "&"))


def test_what_a_person_is_called_cannot_bring_a_tag_or_a_mark() -> None:
    name = "{{ contact.email }} \ue0000\ue001 {% link %}x{% endlink %} \ue003https://evil.example\ue004"
    written = writing.write(letter({"first_name": name}, body="<p>{{ contact.first_name }}</p>", clicks=True))
    assert "{{ contact.email }}" in written.text
    assert "/e/c/" not in written.html.replace(written.html[written.html.index("You get") :], "")


@pytest.mark.parametrize("name", ["Ада", "عائشة", "👩🏽‍🚀 Zoë", "", "a" * 200])
def test_names_of_every_kind_are_written_in_subject_and_text(name: str) -> None:
    one = letter({"first_name": name, "email": "a@example.com"}, subject="Hi {{ contact.first_name | default: 'you' }}")
    message = writing.message(one, writing.write(one))
    assert message.message()["Subject"]
    assert (name or "you") in str(message.subject)


def test_a_subject_over_several_lines_is_one_line() -> None:
    one = letter({"first_name": "A\r\nBcc: x@example.com"}, subject="Hi {{ contact.first_name }}")
    assert writing.write(one).subject == "Hi A Bcc: x@example.com"


def test_a_header_cannot_be_brought_in_by_an_address() -> None:
    one = letter({"email": "a@example.com\nBcc: x@example.com"})
    with pytest.raises((BadHeaderError, ValueError)):
        writing.message(one, writing.write(one)).message()


def test_marketing_can_be_left_with_one_click_and_service_is_no_list() -> None:
    one = letter()
    sent = writing.message(one, writing.write(one)).message()
    leave = addresses.address(addresses.UNSUBSCRIBE, one.number)
    assert sent["List-Unsubscribe"].replace("\n", "").strip() == f"<{leave}>"
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert leave in writing.write(one).html
    service = letter(purpose="service")
    assert "List-Unsubscribe" not in writing.message(service, writing.write(service)).message()


def test_the_foot_is_in_the_persons_language_and_says_who_writes() -> None:
    words = {"subject": "Bonjour", "body": "<p>Salut</p>"}
    one = letter({"language": "fr"}, translations={"fr": words})
    with translation.override("fr"):
        written = writing.write(one)
    assert "Choisir ce que vous recevez" in written.html
    assert "75001 Paris" in written.html
    assert '<html lang="fr"' in written.html
    assert written.text.startswith("Salut\n\n-- \n")


def test_styles_stand_at_their_elements_and_what_depends_on_the_screen_stays() -> None:
    written = writing.write(letter(body='<h1>Hi</h1><p><a class="button" href="https://x.example">x</a></p>'))
    assert '<h1 style="' in written.html
    assert "@media (prefers-color-scheme: dark)" in written.html
    assert "@media (max-width: 480px)" in written.html
    assert re.search(r'<a class="button"[^>]* style="[^"]*background: #0f766e', written.html)


def test_html_of_ones_own_is_sent_as_it_is_with_its_styles() -> None:
    body = '<style>p { color: #123456 }</style><p>Hi</p><p><a href="{{ link.unsubscribe }}">x</a></p>'
    written = writing.write(letter(form="html", body=body))
    assert '<p style="color: #123456;">Hi</p>' in written.html
    assert "Studio" not in written.html.replace("<title>Studio</title>", "")


def test_what_is_kept_is_what_was_sent_and_takes_little_room() -> None:
    one = letter(body="<p>Hello {{ contact.first_name }}</p>" + "<p>Always the same.</p>" * 200)
    written = writing.write(one)
    packed = kept.pack(written.html, written.text, like=kept.like(one.sheet))
    assert kept.unpack(packed, like=kept.like(one.sheet)) == (written.html, written.text)
    assert len(packed) < len(written.html) / 10


ENDLESS = "{% for a in (1..1000000000) %}x{% endfor %}"
SWELLING = "{% assign a = 'x' %}" + "{% assign a = a | append: a %}" * 40 + "{{ a }}"


@pytest.mark.parametrize(
    "body", [ENDLESS, "{% for a in (1..999) %}{% for b in (1..999) %}x{% endfor %}{% endfor %}", SWELLING]
)
def test_a_template_that_would_not_end_or_swell_is_given_up_at_once(body: str) -> None:
    started = time.monotonic()
    with pytest.raises((writing.CannotWrite, content.ContentError)):
        writing.write(letter(body=f"<p>{body}</p>"))
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "body", ["{% include 'x' %}", "{{ contact.__class__ }}", "{{ contact.email.__len__ }}", "{% raw %}"]
)
def test_what_the_language_does_not_have_is_refused(body: str) -> None:
    with pytest.raises(content.ContentError):
        letter(body=f"<p>{body}</p>")
