"""Whatever people and stores call things: every page shows it, and none obeys it."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from automations.email import addresses
from automations.models import Automation, Message
from config.audit.log import record
from contacts.models import Contact
from subscriptions.models import RecurringPayment
from tests.config import matrix
from tests.config.test_matrix import known, store  # noqa: F401
from tests.html import read
from tests.people import member
from tests.security.hostile import HOSTILE, obeyed, rename_everything

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def renamed(known: dict[str, Any]) -> dict[str, Any]:  # noqa: F811
    """One of everything under the hostile name."""
    rename_everything()
    record("deleted", about=Automation.objects.get())
    return known


@pytest.fixture
def administrator(renamed: dict[str, Any]) -> Client:
    browser = Client()
    browser.force_login(member("Administrator"))
    return browser


def shown(answer: Any) -> tuple[bool, list[str]]:
    """Say whether the name is on a page, and what the page made of it."""
    if answer.streaming or "text/html" not in answer.get("Content-Type", ""):
        return False, []
    text = answer.content.decode()
    return "7*7" in text, obeyed(read(text))


def asked(client: Client, method: str, path: str) -> Any:
    """Ask, and take back what the answer did."""
    with transaction.atomic():
        answer = getattr(client, method.lower())(path)
        transaction.set_rollback(True)
    return answer


def test_every_page_shows_names_and_obeys_none(administrator: Client, renamed: dict[str, Any]) -> None:
    showing, wrong = 0, {}
    for method, route, _ in matrix.rows(matrix.SITE, matrix.ROLES):
        if "logout" in route:
            continue
        is_there, found = shown(asked(administrator, method, matrix.path(route, renamed)))
        showing += is_there
        if found:
            wrong[f"{method} {route}"] = found[:3]
    assert wrong == {}
    assert showing > 60, "the names are on too few pages for this to mean anything"


def test_neither_does_a_page_that_reads_them_from_its_address(administrator: Client, renamed: dict[str, Any]) -> None:
    contact, payment = Contact.objects.get(), RecurringPayment.objects.get()
    pages = {
        f"/admin/contacts/contact/{contact.pk}/change/": {"payment": payment.pk},
        f"/admin/contacts/contact/{contact.pk}/merge/": {"q": HOSTILE},
        **{path: dict.fromkeys(("q", "state", "name", "label", "o"), HOSTILE) for path in _SEARCHED},
    }
    for path, told in pages.items():
        answer = administrator.get(path, told, follow=True)
        assert answer.status_code in (200, 400, 404), path
        assert shown(answer)[1] == [], path


_SEARCHED = (
    "/admin/contacts/contact/",
    "/admin/contacts/tag/",
    "/admin/subscriptions/recurringpayment/",
    "/admin/integrations/delivery/",
    "/admin/audit/entry/",
    "/admin/automations/",
    "/admin/campaigns/",
    "/admin/segments/",
    "/admin/people/",
    "/admin/search/",
    "/admin/reports/custom/",
    "/admin/reports/automations/",
    "/admin/reports/revenue/",
    "/admin/nowhere/",
    "/admin/login/",
)


@pytest.mark.parametrize("purpose", [addresses.UNSUBSCRIBE, addresses.PREFERENCES, addresses.BROWSER])
def test_neither_do_the_pages_for_readers(renamed: dict[str, Any], purpose: str) -> None:
    answer = Client().get(f"/e/{purpose}/{addresses.token(purpose, Message.objects.get().number)}")
    assert answer.status_code in (200, 404)
    assert shown(answer)[1] == []


@pytest.mark.parametrize(
    "page",
    [
        "<img src=x onerror=alert(7)>",
        '<a x-data="alert(7)">',
        '<a @click="{{7*7}}">',
        '<p title=""><img src=x>',
        '<p title="" onerror="alert(7)">',
        "<a href=' JavaScript:alert(7)'>",
        '<p style="{{7*7}}">',
        '<iframe srcdoc="&lt;img src=x&gt;">',
        "<script>let a = 'alert(7)'</script>",
        '<script type="application/json">"<img"</script>',
    ],
)
def test_what_would_be_obeyed_is_found(page: str) -> None:
    assert obeyed(read(page))
