"""Everything under a name that is HTML, a script, a template and the end of an attribute at once."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db.models import Model

from automations.models import Automation, Campaign, Label, Message, Sender
from contacts.models import Contact, ContactImport, ContactList, Tag
from integrations.models import ApiKey, ApiStore, Connection, Delivery
from reports.models import Report
from subscriptions.catalogue import STORED
from subscriptions.kinds import TEXT, TEXT_LIST
from subscriptions.models import LineItem, RecurringPayment, Segment, Store
from tests.html import Element, read

HOSTILE = "<img src=x onerror=alert(7)>\"'`{{7*7}}</script>"
_SHORT = "\"'><b onerror=alert(7)>{{7*7}}"
_NAMED = (Tag, ContactList, Store, Segment, Automation, Campaign, Label, Report, ApiKey)
_MORE: dict[type[Model], tuple[str, ...]] = {
    Contact: ("first_name", "last_name", "company", "phone"),
    ContactList: ("description",),
    Segment: ("description",),
    Automation: ("description",),
    Report: ("description",),
    ContactImport: ("file_name", "tag"),
    Delivery: ("event_type", "reason", "subject"),
    Connection: ("external_id_key", "problem_detail", "client_id"),
    ApiStore: ("service", "external_id"),
    Message: ("subject", "text", "detail"),
    User: ("first_name", "last_name"),
}


def rename_everything() -> None:
    """Give all that has a name the hostile one, and all other texts that people or stores write too."""
    for model in _NAMED:
        _write(model, ("name",))
    for model, names in _MORE.items():
        _write(model, names)
    texts = [name for name, one in STORED.items() if one.kind is TEXT and name not in _KEPT]
    _write(RecurringPayment, texts)
    lists = [name for name, one in STORED.items() if one.kind is TEXT_LIST and not one.item]
    RecurringPayment.objects.update(**{name: [HOSTILE] for name in lists})
    _write(LineItem, ("name", "sku"))
    _write(Sender, ("name", "postal_address"))
    with_label = Label.objects.create(name=HOSTILE[:60])
    with_label.automations.set(Automation.objects.all())
    with_label.campaigns.set(Campaign.objects.all())
    for person in Contact.objects.all():
        person.tags.set(Tag.objects.all())


# by these payments are found again
_KEPT = {"store_recurring_payment_id", "currency", "email", "payment_method_expiration"}


def _write(model: type[Model], names: Iterable[str]) -> None:
    """Write the name into columns, with a number behind it where no two may be the same."""
    for name in names:
        longest = getattr(model._meta.get_field(name), "max_length", None) or 1000
        for number in model._default_manager.values_list("pk", flat=True):
            text = f"{HOSTILE}{number}" if longest >= len(HOSTILE) + 8 else _SHORT[:longest]
            model._default_manager.filter(pk=number).update(**{name: text})


def obeyed(page: Element) -> list[str]:
    """Name what a page made of the name instead of showing it: elements, handlers, attributes, scripts, expressions."""
    return [found for one in page.walk() for found in _obeyed(one)]


def _obeyed(one: Element) -> list[str]:
    told = [f"<{one.tag} {name}={text[:80]!r}>" for name, text in one.attributes.items() if _is_obeyed(one, name, text)]
    if one.tag == "script" and ("<img" in one.text or (_is_code(one) and "alert(7)" in one.text)):
        told.append(f"<script>: {one.text[:80]}")
    if "srcdoc" in one.attributes:
        told += obeyed(read(one.attributes["srcdoc"]))
    return told


def _is_obeyed(one: Element, name: str, text: str) -> bool:
    if name == "onerror" or (one.tag == "img" and name == "src" and text == "x"):
        return True
    if set(name) & set("\"'`<>{}"):  # a quotation mark in a value has ended it
        return True
    if name.startswith(("x-", "@", ":", "on")) or name == "style":
        return "alert" in text or "7*7" in text
    return name in ("href", "src", "action", "formaction") and text.strip().lower().startswith(
        ("javascript:", "data:text")
    )


def _is_code(one: Element) -> bool:
    return "json" not in one.attributes.get("type", "")
