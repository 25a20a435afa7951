"""The order of the fields, to be read.

Stores may not change it: there is one order for the whole team, it belongs to whoever has the permission on Manage
data, and each change there names a person and can be undone by that person; a key is none.
"""

from rest_framework.request import Request
from rest_framework.response import Response

from config.api import paging
from config.api.documentation import operation
from integrations.api import shapes
from integrations.api.views.base import StoreView
from subscriptions import field_order


class FieldOrderView(StoreView):
    """The fields as the contact's page shows them."""

    @operation(
        "get_field_order",
        "Read the order of the fields",
        text="The first five are the columns of the contact's page. Administrators set the order; it can be read only.",
        answers={200: "FieldOrder"},
        problems=(400,),
    )
    def get(self, request: Request) -> Response:
        """Answer with all fields in order."""
        paging.only(request, ())
        return Response(shapes.field_order(field_order.current()))
