"""What the audit log keeps: who, from where, about what; plain values only, and nothing of a person but the number."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import RequestFactory
from django.utils.translation import gettext_lazy, override

from config.audit.log import about, record
from config.audit.models import Entry
from config.audit.sentences import sentence
from contacts.models import Contact, Tag
from tests.people import member

pytestmark = pytest.mark.django_db


def asked(user: User | None = None, **meta: str) -> Any:
    request = RequestFactory().get("/", **meta)
    if user:
        request.user = user
    return request


def test_a_request_tells_who_it_was_and_from_where() -> None:
    ada = member("Administrator")
    entry = record("changed", about=Tag.objects.create(name="vip"), request=asked(ada, REMOTE_ADDR="2001:DB8::1"))
    entry.refresh_from_db()
    assert (entry.actor, entry.actor_id, entry.via, entry.address) == (ada.username, str(ada.pk), "web", "2001:db8::1")
    assert sentence(entry) == "administrator changed tag “vip”"


def test_without_a_request_it_was_a_command() -> None:
    entry = record("secrets.rotated", count=1)
    assert (entry.actor, entry.via, entry.address) == ("", "command", "")
    assert sentence(entry) == "A command encrypted 1 stored secret anew"


@pytest.mark.parametrize(
    ("behind", "told", "address"),
    [
        (False, "6.6.6.6", "10.0.0.1"),
        (True, "6.6.6.6", "6.6.6.6"),
        (True, "1.1.1.1, 6.6.6.6", "6.6.6.6"),  # whoever asks may invent the first
        (True, "", "10.0.0.1"),
        (True, "<script>", ""),
    ],
)
def test_a_proxy_of_ours_says_where_a_request_came_from_and_nobody_else(
    settings: Any, behind: bool, told: str, address: str
) -> None:
    settings.BEHIND_PROXY = behind
    entry = record("signed_out", request=asked(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=told))
    assert entry.address == address


def test_an_entry_outlives_what_it_speaks_of() -> None:
    ada, tag = member("Marketer"), Tag.objects.create(name="vip")
    record("deleted", about=tag, request=asked(ada))
    tag.delete()
    ada.delete()
    assert sentence(Entry.objects.get()) == "marketer deleted tag “vip”"


def test_a_contact_is_a_number_there() -> None:
    contact = Contact.objects.create(first_name="Ada", email="ada@example.com", email_key="ada@example.com")
    entry = record("deleted", about=contact)
    assert sentence(entry) == f"A command deleted contact no. {contact.pk}"
    assert not any("ada" in str(value).casefold() for value in Entry.objects.values().get().values())


def test_what_one_thing_went_through_is_found() -> None:
    vip, other = (Tag.objects.create(name=name) for name in ("vip", "other"))
    entries = [record("added", about=vip), record("changed", about=vip)]
    record("added", about=other)
    assert list(about(vip)) == entries[::-1]


def test_an_entry_is_there_exactly_if_the_act_is() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("deleted", about=Tag.objects.create(name="vip"))
        _ = 1 / 0
    assert not Entry.objects.exists()


def test_words_are_kept_as_they_are_and_read_in_the_readers_language() -> None:
    with override("fr"):
        entry = record("fields.move", field=gettext_lazy("Name"), position=1)
        entry.refresh_from_db()
        assert "Nom" in sentence(entry)
    assert entry.detail == {"field": "Name", "position": 1}
    assert sentence(entry) == "A command moved the field Name to position 1"


@pytest.mark.parametrize("value", [object(), b"x", 1.5, {"a": {1}}])
def test_only_plain_values_are_kept(value: Any) -> None:
    with pytest.raises(TypeError, match="plain value"):
        record("signed_out", value=value)


def test_an_action_must_be_known() -> None:
    with pytest.raises(ValueError, match="no action"):
        record("danced")


def test_an_action_that_is_gone_is_told_by_its_code() -> None:
    assert sentence(Entry.objects.create(action="danced", via="web")) == "Somebody: danced"
