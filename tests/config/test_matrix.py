"""Who may do what at every address of the site and of the API; an address that the tables do not name fails."""

from copy import copy
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.test import Client
from django.utils import timezone

from automations import by_hand, publishing
from automations.campaigns import keeping
from automations.mailings import planning
from automations.models import Campaign, Message, Receiver
from config.audit.models import Entry
from config.roles import ROLES as PERMISSIONS
from contacts.models import Contact, ContactImport, ContactList, Tag
from contacts.services import subscribe
from integrations.api import keys
from integrations.connecting import Credentials, connect
from integrations.models import Batch, Connection, Delivery
from reports.custom import saved as saved_reports
from reports.custom import scheduling
from reports.models import Schedule
from subscriptions.models import PeopleAction, RecurringPayment
from subscriptions.segments import saved
from tests.config import matrix
from tests.integrations.api.plugin import Plugin
from tests.integrations.contracts import CONTRACTS, deliver, made
from tests.people import member

pytestmark = pytest.mark.django_db
REPORT = {"about": "payments", "groups": [{"by": "status"}], "measures": [{"of": "payments"}]}
# What the older API and GraphQL are sent, by route.
BODIES = {
    "/api/v1/recurring-payments/bulk": {"recurring_payments": []},
    "/api/v1/recurring-payments/<any:store_recurring_payment_id>": {},
    "/api/v1/segments": {"name": "Second", "segment": {"all": []}},
    "/api/v1/segments/<int:segment_id>": {"name": "Third", "segment": {"all": []}},
    "/api/v1/segments/count": {"segment": {"all": []}},
    "/api/v1/segments/people": {"segment": {"all": []}},
    "/api/v1/segments/people/<int:contact_id>": {"segment": {"all": []}},
    "/api/v1/automations": {"name": "Made"},
    "/api/v1/automations/<int:automation_id>": {"name": "Changed", "revision": 1},
    "/api/v1/automations/<int:automation_id>/people": {"contact": "ada@example.com"},
    "/api/v1/reports": {"name": "Made", "definition": REPORT},
    "/api/v1/reports/run": {"definition": REPORT},
    "/api/v1/reports/<int:report_id>": {"name": "Changed", "revision": 1},
    "/api/3/ecom/graphql": {"query": "{ __typename }"},
    "/api/3/connections": {"connection": {"service": "shop", "externalid": "2", "name": "Second"}},
    "/api/3/connections/<int:connection_id>": {"connection": {"name": "Third"}},
}
# Lists on which something can be done to many rows at once.
LISTS = {
    (Contact, "/admin/contacts/contact/"),
    (Tag, "/admin/contacts/tag/"),
    (ContactList, "/admin/contacts/contactlist/"),
    (Delivery, "/admin/integrations/delivery/"),
    (Connection, "/admin/integrations/connection/"),
}


@pytest.fixture
def store() -> Connection:
    return connect("api", name="Ours", credentials=Credentials())[0]


@pytest.fixture
def known(store: Connection) -> dict[str, Any]:
    """One of everything, by the names that routes use."""
    sender = made("stripe")
    deliver(sender, CONTRACTS["stripe"].news("sub_1", "active", timezone.now()))
    Delivery.objects.update(state="failed")
    Plugin(store).bulk({"store_recurring_payment_id": "p1", "status": "active", "email": "ada@example.com"})
    contact = Contact.objects.get()
    payment, key = RecurringPayment.objects.get(), keys.issue(store, name="kept")[0]
    return {
        **{"contact": contact.pk, "contact_id": contact.pk, "tag": Tag.objects.create(name="vip").pk},
        **{"recurringpayment": payment.pk, "payment_id": payment.pk, "store_recurring_payment_id": "p1"},
        **{"connection": store.pk, "connection_id": store.pk, "key_id": key.pk, "entry": Entry.objects.all()[0].pk},
        **{"delivery": Delivery.objects.get().pk, "delivery_id": Delivery.objects.get().pk},
        **{
            "user": (somebody := User.objects.create_user("somebody").pk),
            "user_id": somebody,
            "group": Group.objects.get(name="Viewer").pk,
        },
        **{"contactlist": ContactList.objects.create(name="Letter").pk, "kind": "api", "key": "welcome"},
        **{"provider": "stripe", "token": sender.token, "content_type_id": 1, "rest": "nowhere"},
        "action_id": PeopleAction.objects.create(kind="export", state="finished", size=0, tree={"all": []}).pk,
        **{"segment_id": saved.create({"all": []}, name="Everybody").pk, "number": 1},
        **_report(),
        "ending": "csv",
        **_automation(contact, payment),
        **{"campaign_id": _campaign().pk, **_direct(contact), "name": "nothing"},
        "import_id": ContactImport.objects.create(file_name="people.csv", delimiter=",", mapping=["email"]).pk,
        "batch_id": Batch.objects.create(connection=store, size=0).pk,
        **{"app_label": "contacts/", "url": "nowhere"},
    }


def _report() -> dict[str, int]:
    """A report that is sent by e-mail."""
    one = saved_reports.create(REPORT, name="By status")
    schedule = scheduling.save(Schedule(report=one, language="en"), recipients=[])
    return {"report_id": one.pk, "schedule_id": schedule.pk}


def _automation(contact: Contact, payment: RecurringPayment) -> dict[str, int]:
    """An automation in which somebody is."""
    wait = {"id": "w", "do": "wait", "for": {"n": 1, "unit": "days"}}
    one = publishing.create(name="Wait", draft={"triggers": [], "runs": "every_time", "steps": [wait]})
    publishing.publish(one)
    off = Receiver.objects.create(url="https://example.com/hook", off_at=timezone.now())
    way = by_hand.enter(one, contact, payment).pk
    return {"automation_id": one.pk, "way_id": way, "receiver_id": off.pk}


def _campaign() -> Campaign:
    """A campaign with a version."""
    one = keeping.create(name="Hello", draft={"subject": "Hello", "body": "<p>Text</p>"})
    keeping.put_into_use(one)
    return one


def _direct(contact: Contact) -> dict[str, int]:
    """A campaign that is planned for a list, and one of its messages."""
    letters = ContactList.objects.create(name="Letters")
    subscribe([contact.pk], letters.pk, source="person")
    one = keeping.create(name="News", kind="direct", draft={"subject": "News", "body": "<p>Text</p>"})
    tomorrow = timezone.now() + timedelta(days=1)
    mailing = planning.plan(one, planning.Plan(lists=[letters.pk], at=tomorrow), confirmed=1)
    message = Message.objects.create(mailing=mailing, campaign=one, contact=contact)
    return {"direct_id": one.pk, "message_id": message.pk}


def answered(client: Client, method: str, path: str, *, form: Any = None, body: Any = None) -> int:
    """Ask, and take back whatever the answer did."""
    told = {} if body is None else {"data": body, "content_type": "application/json"}
    if method == "POST" and form:
        told = {"data": form}
    kept = copy(client.cookies)  # signing out is one of the acts
    with transaction.atomic():
        answer = getattr(client, method.lower())(path, **told)
        transaction.set_rollback(True)
    client.cookies = kept
    return int(answer.status_code)


def wrong(client: Client, table: list[matrix.Row], column: str, known: dict[str, Any], send: Any) -> str:
    """Name the addresses that answer otherwise than the table says, a line each."""
    found = []
    for method, route, expected in table:
        status = send(client, method, matrix.path(route, known), route)
        if status != expected[column]:
            found.append(f"{method} {route}: {status} and not {expected[column]}")
    return "\n".join(found)


def test_the_tables_name_every_address() -> None:
    named = [*matrix.rows(matrix.SITE, matrix.ROLES), *matrix.rows(matrix.API, matrix.KEYS)]
    assert {route for _, route, _ in named} == set(matrix.routes())


def test_each_role_may_all_that_the_one_before_may() -> None:
    assert tuple(PERMISSIONS) == matrix.ROLES[1:]
    sets = [set(permissions) for permissions in PERMISSIONS.values()]
    assert all(fewer < more for fewer, more in pairwise(sets))


@pytest.mark.parametrize("role", matrix.ROLES)
def test_a_role_gets_what_the_table_says(role: str, known: dict[str, Any]) -> None:
    client = Client()
    if role != "anonymous":
        client.force_login(member(role))

    def send(client: Client, method: str, path: str, route: str) -> int:
        return answered(client, method, path, form={"post": "yes"} if route.endswith("delete/") else {})

    assert wrong(client, matrix.rows(matrix.SITE, matrix.ROLES), role, known, send) == ""


@pytest.mark.parametrize("role", ["Viewer", "Marketer"])
@pytest.mark.parametrize("route", sorted(route for _, route in LISTS))
def test_no_list_lets_a_role_do_to_many_what_it_may_not_do_to_one(role: str, route: str, known: dict[str, Any]) -> None:
    client, models = Client(), {model: model._default_manager.count() for model, _ in LISTS}
    client.force_login(member(role))
    for pk in (known["contact"], known["tag"], known["contactlist"], known["delivery"], known["connection"]):
        for action in ("delete_selected", "retry") if role == "Viewer" else ("delete_selected",):
            client.post(route, {"action": action, "_selected_action": [pk], "post": "yes"})
    assert {model: model._default_manager.count() for model in models} == models
    assert Delivery.objects.get().state == "failed"


@pytest.mark.parametrize("kind", matrix.KEYS)
def test_a_key_gets_what_the_table_says(kind: str, known: dict[str, Any], store: Connection) -> None:
    known |= {"connection_id": store.store_id}
    is_account = kind in ("account", "segments", "automations", "reports")
    more = (kind,) if is_account and kind != "account" else ()
    scopes = ("read",) if kind == "read" else (*keys.STORE_SCOPES, *more)
    key, secret = keys.issue(None if is_account else store, name=kind, scopes=scopes)
    if kind == "revoked":
        keys.revoke(key)
    client = Client(headers={} if kind == "no key" else {"Api-Token": secret})

    def send(client: Client, method: str, path: str, route: str) -> int:
        query = f"?connection={store.store_id}" if is_account and route.startswith("/api/v1/recurring") else ""
        body = (
            BODIES.get(route, {} if "/automations/" in route or "/reports/" in route else None)
            if method != "GET"
            else None
        )
        return answered(client, method, path + query, body=body)

    assert wrong(client, matrix.rows(matrix.API, matrix.KEYS), kind, known, send) == ""
