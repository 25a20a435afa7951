"""E-mails in several languages: who gets which, over real SMTP, and how translations are read and written."""

from typing import Any

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given
from hypothesis import settings as pace
from hypothesis import strategies as st

from automations.flow import reading
from automations.flow.mistakes import FlowError
from automations.models import Message
from automations.steps import STEPS
from contacts.models import Contact
from subscriptions.models import Store
from tests.automations.flows import FAILED, flow, go, pay, publish, step
from tests.automations.mails import mail, send
from tests.contacts.mail_server import MailServer

pytestmark = pytest.mark.django_db

TEXT = "%RECURRING_PAYMENT_PAYMENT_AMOUNT%, {{ recurring_payment.next_payment_date | date: 'long' }}"
FRENCH = {"subject": "Bonjour {{ contact.first_name | default: 'à vous' }}", "text": f"C’est {TEXT}"}
VALUES = {"payment_amount": "49", "currency": "USD", "next_payment_date": "2026-12-03T09:00:00Z"}


def wrong(translations: Any, **rest: Any) -> dict[str, str]:
    """Say what is wrong with the translations of an e-mail."""
    with pytest.raises(FlowError) as error:
        reading.read(flow(mail(translations=translations), **rest))
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
    plain = [sent["Subject"], sent.get_content().strip()]
    assert [part.replace("\xa0", " ").replace("\u202f", " ") for part in plain] == [subject, text]
    assert [kept.subject, kept.text] == plain


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
    assert wrong({"fr": FRENCH}).keys() == {"steps[0].translations.fr"}


@pytest.mark.parametrize(
    ("translations", "expected"),
    [
        ([], {"": "must be an object"}),
        ({"fr": "Bonjour"}, {".fr": "must be an object"}),
        ({"de": FRENCH}, {".de": "must be one of: fr"}),
        ({"en": FRENCH}, {".en": "must be one of: fr"}),
        ({"fr": {}}, {".fr.subject": "is missing", ".fr.text": "is missing"}),
        ({"fr": FRENCH | {"size": 1}}, {".fr.size": "is not known here"}),
        ({"fr": FRENCH | {"subject": "a\nb"}}, {".fr.subject": "must be on one line"}),
        ({"fr": FRENCH | {"text": " "}}, {".fr.text": "must not be blank"}),
        ({"fr": FRENCH | {"text": "{{ contact.nom }}"}}, {".fr.text": "there is no tag “contact.nom” (line 1)"}),
        ({"fr": FRENCH | {"text": "x" * 50_001}}, {".fr.text": "is longer than 50000 characters"}),
    ],
)
def test_what_is_wrong_with_a_translation_is_said_with_its_place(translations: Any, expected: dict[str, str]) -> None:
    assert wrong(translations) == {f"steps[0].translations{path}": words for path, words in expected.items()}


def test_tags_of_a_payment_are_refused_in_translations_too_where_none_starts_it() -> None:
    told = wrong({"fr": FRENCH}, on={"id": "t", "on": "tagged", "tag": "vip"})
    assert told["steps[0].translations.fr.text"].startswith("“recurring_payment.payment_amount” (line 1) speaks of")


def test_a_published_flow_is_read_again_after_the_accounts_language_has_changed(settings: Any) -> None:
    data = reading.write(reading.read(flow(mail(translations={"fr": FRENCH}))))
    settings.LANGUAGE_CODE = "fr"
    assert reading.write(reading.read_again(data)) == data


def test_the_builder_is_told_the_languages_with_their_own_names_and_what_fits() -> None:
    [one] = [option for option in STEPS["email"].options if option.name == "translations"]
    assert (one.form.name, one.is_required) == ("translations", False)
    assert one.form.facts == {"languages": {"fr": "Français"}, "most": {"subject": 300, "text": 50_000}}


WRITTEN = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n{}%"), min_size=1).filter(str.strip)
WORDS = st.fixed_dictionaries({"subject": WRITTEN, "text": WRITTEN})
MAILS = st.builds(
    lambda words, more: step("email", **words) | more,
    WORDS,
    st.fixed_dictionaries(
        {}, optional={"translations": st.dictionaries(st.just("fr"), WORDS), "about": st.sampled_from(["service"])}
    ),
)


@pace(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.builds(flow, MAILS))
def test_a_flow_is_the_same_once_it_has_been_written_and_read(data: dict[str, Any]) -> None:
    read = reading.read(data)
    assert reading.read(reading.write(read)) == read
    assert reading.read_again(reading.write(read)) == read


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
    options = {"subject": subject, "translations": {"fr": FRENCH}}
    with translation.override(language):
        assert STEPS["email"].say(options).replace("\xa0", " ") == words
