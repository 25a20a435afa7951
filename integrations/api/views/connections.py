"""The connections that a key reaches: its own, or for the account's key every API connection."""

from rest_framework.request import Request
from rest_framework.response import Response

from config.api import paging
from config.api.documentation import PAGING, operation
from config.api.refusals import Refused
from integrations.api import access, documentation, shapes
from integrations.api.views.base import StoreView


class ConnectionsView(StoreView):
    """The connections that the key reaches."""

    @operation(
        "list_connections",
        "See which connections the key reaches",
        parameters=PAGING,
        answers={200: "ConnectionPage"},
        problems=(400,),
    )
    def get(self, request: Request) -> Response:
        """Answer with a page of connections."""
        paging.only(request, ("limit", "cursor"))
        found = paging.page(access.connections(access.key_of(request)), request)
        return Response({"results": [shapes.connection(row) for row in found.rows], "next": found.next})


class ConnectionView(StoreView):
    """One connection, by its legacy connection ID."""

    @operation(
        "get_connection",
        "Read a connection",
        parameters=(documentation.CONNECTION_ID,),
        answers={200: "Connection"},
        problems=(400, 404),
    )
    def get(self, request: Request, connection_id: int) -> Response:
        """Answer with the connection."""
        paging.only(request, ())
        found = access.one(access.key_of(request), connection_id)
        if found is None:
            raise Refused(404, "There is no such connection.")
        return Response(shapes.connection(found))
