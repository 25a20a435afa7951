"""The API under `/wp-json/`: who may call what, and which function answers."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from integrations.sandbox.routing import Handler, Row
from integrations.sandbox.wire import Answer, Request
from integrations.sandbox.woocommerce import about, editing, listing
from integrations.sandbox.woocommerce.calls import Call, read_body, read_query
from integrations.sandbox.woocommerce.documents import ROUTES
from integrations.sandbox.woocommerce.errors import WooError, forbidden, no_route, unknown
from integrations.sandbox.woocommerce.keys import identify

if TYPE_CHECKING:
    from integrations.sandbox.woocommerce.shop import WooShop

Action = Callable[..., Answer]
PUBLIC = ""
"""The deed that anybody may do."""

_V3 = "/wp-json/wc/v3"
_CHANGING = ("PUT", "POST", "PATCH")


class Api:
    """The endpoints of one shop."""

    def __init__(self, shop: "WooShop") -> None:
        self.shop = shop

    def routes(self) -> list[Row]:
        """List what is answered; ids are numbers, so that `statuses` is none."""
        shop, one = self.shop, r"(?P<identity>\d+)"
        rows: list[tuple[str, str, str, str, Action]] = [
            ("GET", "/wp-json/?", "index", PUBLIC, partial(about.index, shop)),
            ("GET", f"{_V3}/system_status", "system_status", "list", partial(about.system_status, shop)),
            ("GET", f"{_V3}/subscriptions/statuses", "subscriptions", PUBLIC, partial(about.statuses, shop)),
            ("GET", f"{_V3}/subscriptions/{one}/orders", "subscriptions", "list", partial(listing.related, shop)),
            (
                "DELETE",
                f"{_V3}/subscriptions/{one}",
                "subscriptions",
                "delete",
                partial(editing.delete_subscription, shop),
            ),
            ("GET", f"{_V3}/products/{one}/variations", "products", "list", self._variations),
            ("GET", rf"{_V3}/products/{one}/variations/(?P<variation>\d+)", "products", "view", self._variation),
            ("GET", f"{_V3}/webhooks", "webhooks", "list", self._webhooks),
            ("POST", f"{_V3}/webhooks", "webhooks", "create", partial(editing.create_webhook, shop)),
            ("DELETE", f"{_V3}/webhooks/{one}", "webhooks", "delete", partial(editing.delete_webhook, shop)),
        ]
        for method in _CHANGING:
            rows += [
                (
                    method,
                    f"{_V3}/subscriptions/{one}",
                    "subscriptions",
                    "edit",
                    partial(editing.update_subscription, shop),
                ),
                (method, f"{_V3}/webhooks/{one}", "webhooks", "edit", partial(editing.update_webhook, shop)),
            ]
        for kind, route in ROUTES.items():
            rows += [
                ("GET", f"{_V3}/{route}", route, "list", partial(listing.page, shop, kind=kind)),
                ("GET", f"{_V3}/{route}/{one}", route, "view", partial(listing.single, shop, kind=kind)),
            ]
        return [(method, path, self._guarded(route, deed, action)) for method, path, route, deed, action in rows]

    def _guarded(self, route: str, deed: str, action: Action) -> Handler:
        def handle(request: Request, **parts: str) -> Answer:
            try:
                return action(self._let_in(request, route, deed), **parts)
            except WooError as error:
                return error.answer()

        return handle

    def _let_in(self, request: Request, route: str, deed: str) -> Call:
        if route == "subscriptions" and not about.has_subscriptions(self.shop):
            raise no_route()
        params = read_query(request)
        key = identify(self.shop.keys, request, params, is_stripped=self.shop.faults.strips_authorization)
        lacks = f"{'read' if request.method == 'GET' else 'write'}_{route}" in self.shop.faults.forbidden
        if deed != PUBLIC and (key is None or lacks):
            raise forbidden(deed, is_known=key is not None)
        return Call(request=request, key=key, params=params, given=read_body(request))

    def _webhooks(self, call: Call) -> Answer:
        with self.shop.lock:
            own = [one for one in self.shop.store["webhook"] if "source" not in one]
        return listing.page(self.shop, call, "webhook", own)

    def _variations(self, call: Call, identity: str) -> Answer:
        listing.existing(self.shop, "product", identity)
        return listing.page(self.shop, call, "variation", self.shop.store["variation"].owned(identity))

    def _variation(self, call: Call, identity: str, variation: str) -> Answer:
        if listing.existing(self.shop, "variation", variation)["product"] != identity:
            raise unknown("variation")
        return listing.single(self.shop, call, "variation", variation)
