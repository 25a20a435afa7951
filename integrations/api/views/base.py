"""What the addresses of the API for stores have in common, and the one that answers for all that do not exist."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from rest_framework.request import Request

from config.api.refusals import Refused
from config.api.views import ApiView
from integrations.api.access import HasScope


class StoreView(ApiView):
    """One address that stores call with a key."""

    permission_classes: Sequence[Any] = (HasScope,)


class NowhereView(ApiView):
    """An address of the API that does not exist."""

    has_keys = False

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Say so, whatever the method."""
        raise Refused(HTTPStatus.NOT_FOUND, "There is no such address.")
