"""E-mails in several languages: who gets which, over real SMTP, and how translations are read and written."""

from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from automations.campaigns import keeping
from automations.email import content
from automations.models import Message
from automations.steps import STEPS
from contacts.models import Contact
from subscriptions.models import Store
from tests.automations.flows import FAILED, go, pay, publish
from tests.automations.mails import kept_text, mail, send, words
from tests.contacts.mail_server import MailServer

pytestmark = pytest.mark.django_db

TEXT = "%RECURRING_PAYMENT_PAYMENT_AMOUNT%, {{ recurring_payment.next_payment_date | date: 'long' }}"
FRENCH = {"subject": "Bonjour {{ contact.first_name | default: 'à vous' }}", "text": f"C’est {TEXT}"}
BODY = {"subject": FRENCH["subject"], "body": f"<p>{FRENCH['text']}</p>"}
VALUES = {"payment_amount": "49", "currency": "USD", "next_payment_date": "2026-12-03T09:00:00Z"}


def wrong(translations: Any, **rest: Any) -> dict[str, str]:
    """Say what is wrong with the translations of an e-mail."""
    told = {"subject": "Hello", "body": "Text", "translations": translations}
    with pytest.raises(content.ContentError) as error:
        content.read(told, **rest)
    return error.value.errors


@pytest.mark.parametrize(
    ("language", "subject", "text"),
    [
        ("", "Hello you", "It is $49.00, December 3, 2026"),
        ("en", "Hello you", "It is $49.00, December 3, 2026"),
        ("fr", "Bonjour à vous", "C’est 49,00 $US, 3 décembre 2026"),
        ("fr-ca", "Bonjour à vous", "C’est 49,00 $ US, 3 décembre 2026"),
    ],
)
def test_everybody_gets_it_in_their_own_language(
    store: Store, post: MailServer, language: str, subject: str, text: str
) -> None:
    publish(mail(text=f"It is {TEXT}", translations={"fr": FRENCH}), on=FAILED)
    pay(store, **VALUES)
    Contact.objects.update(language=language)
    pay(store, at=1, status="payment_failed", **VALUES)
    go()
    send()
    [sent], kept = post.inbox, Message.objects.get()
    plain = [sent["Subject"], words(sent)]
    assert plain == [subject, text]
    assert [kept.subject, kept_text(kept)] == plain


def test_in_a_french_account_it_is_english_that_is_the_other_language(
    store: Store, post: MailServer, settings: Any
) -> None:
    settings.LANGUAGE_CODE = "fr"
    publish(mail(**FRENCH, translations={"en": {"subject": "Hello", "text": "Text"}}))
    for number, language in enumerate(["", "fr", "en"]):
        Contact.objects.create(email=f"p{number}@example.com", email_key=f"p{number}@example.com", language=language)
        pay(store, f"p{number}", f"sub_{number}", **VALUES)
    go()
    send()
    subjects = {sent["To"].partition("@")[0]: sent["Subject"] for sent in post.inbox}
    assert subjects == {"p0": "Bonjour à vous", "p1": "Bonjour à vous", "p2": "Hello"}
    assert wrong({"fr": BODY}).keys() == {"translations.fr"}


@pytest.mark.parametrize(
    ("translations", "expected"),
    [
        ([], {"": "must be an object"}),
        ({"fr": "Bonjour"}, {".fr": "must be an object"}),
        ({"de": BODY}, {".de": "must be one of: fr"}),
        ({"en": BODY}, {".en": "must be one of: fr"}),
        ({"fr": {}}, {".fr.subject": "is missing", ".fr.body": "is missing"}),
        ({"fr": BODY | {"size": 1}}, {".fr.size": "is not known here"}),
        ({"fr": BODY | {"subject": "a\nb"}}, {".fr.subject": "must be on one line"}),
        ({"fr": BODY | {"body": " "}}, {".fr.body": "is missing"}),
        ({"fr": BODY | {"body": "{{ contact.nom }}"}}, {".fr.body": "there is no tag “contact.nom” (line 1)"}),
        ({"fr": BODY | {"body": "x" * 400_001}}, {".fr.body": "is longer than 400000 characters"}),
    ],
)
def test_what_is_wrong_with_a_translation_is_said_with_its_place(translations: Any, expected: dict[str, str]) -> None:
    assert wrong(translations) == {f"translations{path}": words for path, words in expected.items()}


def test_tags_of_a_payment_are_refused_in_translations_too_where_none_starts_it() -> None:
    told = wrong({"fr": BODY}, has_payment=False)
    assert told["translations.fr.body"].startswith("“recurring_payment.payment_amount” (line 1) speaks of")


def test_what_is_kept_is_read_again_after_the_accounts_language_has_changed(settings: Any) -> None:
    data = content.tidy({"subject": "Hello", "body": "<p>Text</p>", "translations": {"fr": BODY}})
    before = content.read(data)
    settings.LANGUAGE_CODE = "fr"
    assert content.read(data, trusts=True) == before


WRITTEN = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n{}%"), min_size=1).filter(str.strip)
WORDS = st.fixed_dictionaries({"subject": WRITTEN, "body": WRITTEN, "preheader": WRITTEN, "text": WRITTEN})
MAILS = st.builds(
    lambda words, more: words | more,
    WORDS,
    st.fixed_dictionaries(
        {}, optional={"translations": st.dictionaries(st.just("fr"), WORDS), "purpose": st.sampled_from(["service"])}
    ),
)


@given(data=MAILS)
def test_what_was_made_clean_once_stays_as_it_is(data: dict[str, Any]) -> None:
    kept = content.tidy(data)
    assert content.tidy(kept) == kept


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Send the e-mail “Hello [First name]: [Next payment date], [nothing]”"),
        ("fr", "Envoyer l’e-mail « Bonjour [Prénom] »"),
        ("de", "Send the e-mail “Hello [First name]: [Next payment date], [nothing]”"),
    ],
)
def test_an_e_mail_is_named_by_its_subject_in_the_readers_language_with_its_tags_in_words(
    language: str, words: str
) -> None:
    subject = "Hello {{contact.first_name}}: {{ recurring_payment.next_payment_date | date: 'long' }}, {{ x.nothing }}"
    one = keeping.create(name="Mail", draft={"subject": subject, "translations": {"fr": BODY}})
    with translation.override(language):
        assert STEPS["email"].say({"campaign": one.pk}).replace("\xa0", " ") == words
