"""Only what a form or an address is for is written: whatever else is sent along is refused or left alone."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client

from automations.models import Automation, Campaign
from contacts.models import Contact, ContactList, Tag
from integrations.api import keys
from integrations.models import ApiKey, Connection
from reports.models import Report
from subscriptions.models import RecurringPayment, Segment, Store
from tests.config.test_matrix import known, store  # noqa: F401
from tests.integrations.api.plugin import Plugin
from tests.people import member
from tests.security import forms

pytestmark = pytest.mark.django_db
# What no form and no address writes, with values that nothing else would have.
GUARDED = {
    "pk": "990099", "id": "990099", "is_superuser": "True", "user_permissions": "1", "groups": "4",
    "created_at": "2001-01-01", "made_at": "2001-01-01", "as_of": "2001-01-01", "last_login": "2001-01-01",
    "email_key": "chosen@example.com", "token": "chosen", "api_key": "chosen", "webhook_secret": "chosen",
    "old_webhook_secret": "chosen", "webhook_id": "chosen", "digest": "chosen", "prefix": "chosen", "problem": "chosen",
    "leaving": "chosen", "provider": "chosen", "password": "chosen", "payment_page": "https://evil.example",
    "store_id": "990099", "owner_id": "990099", "created_by_id": "990099", "revision": "990099",
}  # fmt: skip
MODELS: tuple[type[Model], ...] = (
    *(User, Contact, ContactList, Tag, Connection, Store, ApiKey, Segment, Automation, Campaign, Report),
    RecurringPayment,
)
# Forms that do write such a name: the connection's own, and a member's, by those who may.
MEANT = ("/admin/auth/user/", "/admin/integrations/connection/")


def written() -> list[str]:
    """Name what has a value that was sent along."""
    return [
        f"{model.__name__}.{name}"
        for model in MODELS
        for row in rows(model)
        for name, sent in GUARDED.items()
        if hasattr(row, name) and str(getattr(row, name)).startswith(sent)
    ]


def rows(model: type[Model]) -> Any:
    return model._default_manager.order_by("pk")


def test_no_form_writes_what_it_does_not_show(known: dict[str, Any]) -> None:  # noqa: F811
    client = Client()
    client.force_login(member("Administrator"))
    found = [form for form in forms.every(client, known) if form.method == "post" and not form.path.startswith(MEANT)]
    for form in found:
        if not form.path.endswith("delete/"):
            client.post(form.path, GUARDED | form.values)
            assert written() == [], form.path
    assert len(found) > 20


def test_nobody_makes_themselves_more_by_their_own_password(known: dict[str, Any]) -> None:  # noqa: F811
    person = member("Marketer")
    person.set_password("correct horse")
    person.save()
    client = Client()
    client.force_login(person)
    words = {"old_password": "correct horse", "new_password1": "battery-staple-9", "new_password2": "battery-staple-9"}
    assert client.post("/admin/password_change/", words | {"is_superuser": "on", "groups": "4"}).status_code == 302
    person.refresh_from_db()
    assert (person.is_superuser, [group.name for group in person.groups.all()]) == (False, ["Marketer"])


@pytest.mark.parametrize(
    "name", [*sorted(GUARDED.keys() - {"as_of"}), "contact", "contact_id", "sequence", "__class__"]
)
def test_a_row_of_the_api_names_fields_only(store: Connection, name: str) -> None:  # noqa: F811
    plugin = Plugin(store)
    plugin.bulk({"store_recurring_payment_id": "p1"})
    before = rows(RecurringPayment).values()[0]
    assert name in plugin.errors({"store_recurring_payment_id": "p1", name: "chosen"})
    assert rows(RecurringPayment).values()[0] == before


ADDRESSES = {
    "/segments/count": {"segment": {"all": []}},
    "/segments": {"name": "Other", "segment": {"all": []}},
    "/automations": {"name": "Other"},
    "/reports": {"name": "Other", "definition": {"about": "payments", "measures": [{"of": "payments"}]}},
}


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("name", ["id", "state", "created_by", "is_archived", "owner", "x"])
def test_no_address_of_the_api_takes_what_it_does_not_know(db: None, path: str, name: str) -> None:
    account = Plugin(None, scopes=keys.ACCOUNT_SCOPES)
    answer = account.send("POST", path, ADDRESSES[path] | {name: 1})
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (400, name)


def test_the_older_api_writes_what_a_shop_says_of_itself_alone(known: dict[str, Any], store: Connection) -> None:  # noqa: F811
    told = {"connection": GUARDED | {"name": "Renamed"}}
    answer = Plugin(None).client.put(f"/api/3/connections/{store.store_id}", told, content_type="application/json")
    assert answer.status_code == 200
    assert written() == []
    assert Store.objects.get(pk=store.store_id).name == "Renamed"
