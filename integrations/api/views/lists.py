"""The lists that people can be subscribed to."""

from rest_framework.request import Request
from rest_framework.response import Response

from config.api import paging
from config.api.documentation import PAGING, operation
from contacts.models import ContactList
from integrations.api import shapes
from integrations.api.views.base import StoreView


class ListsView(StoreView):
    """Every list; which one a store's newcomers are put on is an administrator's choice."""

    @operation(
        "list_lists",
        "See which lists there are",
        parameters=PAGING,
        answers={200: "ListPage"},
        problems=(400,),
    )
    def get(self, request: Request) -> Response:
        """Answer with a page of lists."""
        paging.only(request, ("limit", "cursor"))
        found = paging.page(ContactList.objects.all(), request)
        return Response({"results": [shapes.contact_list(row) for row in found.rows], "next": found.next})
