"""The contacts that a store's recurring payments, or its customers, belong to."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from config.api import paging
from config.api.documentation import PAGING, operation
from config.api.refusals import Refused
from contacts.merging import follow
from contacts.models import Contact
from contacts.services import find_by_email
from integrations.api import documentation, shapes
from integrations.api.access import reached
from integrations.api.views.base import StoreView
from subscriptions.models import RecurringPayment, StoreCustomer


class ContactsView(StoreView):
    """The contacts of the key's connection."""

    @operation(
        "list_contacts",
        "Find contacts",
        text="Only people whom the connection has told of. The e-mail is compared trimmed and without regard to case.",
        parameters=(documentation.CONNECTION, *PAGING, documentation.EMAIL),
        answers={200: "ContactPage"},
        problems=(400, 404),
    )
    def get(self, request: Request) -> Response:
        """Answer with a page of contacts."""
        paging.only(request, ("email", "limit", "cursor", "connection"))
        rows = _contacts(request)
        if (email := request.query_params.get("email")) is not None:
            rows = rows.filter(pk__in=[one.pk for one in find_by_email([_storable(email)]).values()])
        found = paging.page(rows, request)
        return Response({"results": [shapes.contact(row) for row in found.rows], "next": found.next})


class ContactView(StoreView):
    """One contact."""

    @operation(
        "get_contact",
        "Read a contact",
        parameters=(documentation.CONTACT_ID, documentation.CONNECTION),
        answers={200: "Contact"},
        problems=(400, 404),
    )
    def get(self, request: Request, contact_id: int) -> Response:
        """Answer with the contact."""
        paging.only(request, ("connection",))
        found = _contacts(request).filter(pk__in=_known_as(contact_id)).first()
        if found is None:
            raise Refused(404, "There is no such contact.")
        return Response(shapes.contact(found))


def _contacts(request: Request) -> QuerySet[Contact]:
    connections = reached(request)
    paying = RecurringPayment.objects.filter(contact=OuterRef("pk"), store__connection__in=connections)
    known = StoreCustomer.objects.filter(contact=OuterRef("pk"), store__connection__in=connections)
    people = Contact.objects.filter(Q(Exists(paying)) | Q(Exists(known)))
    return people.prefetch_related("standings__contact_list")


def _known_as(number: int) -> list[int]:
    """Name the contact of this number, and the one into which it was merged; none where no number is so large."""
    if number >= 2**63:
        return []
    survivor = follow(number)
    return [number, *([survivor.pk] if survivor else [])]


def _storable(key: str) -> str:
    """Ask the database for nothing that it cannot hold."""
    return "" if "\0" in key else key
