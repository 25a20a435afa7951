"""The API: who may call what, and which function answers."""

from collections.abc import Callable
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

from integrations.sandbox.paypal import billing_api as billing
from integrations.sandbox.paypal import notifications_api as notifications
from integrations.sandbox.paypal.calls import read
from integrations.sandbox.paypal.errors import PayPalError, TokenError, forbidden
from integrations.sandbox.paypal.signing import CERTIFICATES
from integrations.sandbox.paypal.tokens import PAYMENTS, SCOPES, SUBSCRIPTIONS, WEBHOOKS, token_document
from integrations.sandbox.paypal.verifying import verify
from integrations.sandbox.routing import Handler, Row
from integrations.sandbox.wire import Answer, Request, encode, json_answer

if TYPE_CHECKING:
    from integrations.sandbox.paypal.shop import PayPalShop

Action = Callable[..., Any]

_ONE = "/v1/billing/subscriptions/{identity}"
_HOOKS = "/v1/notifications/webhooks"
_EVENTS = "/v1/notifications/webhooks-events"

# Method, path, the scope that it takes, who answers, and the status of an answer with a body.
_ROWS: tuple[tuple[str, str, str, Action, int], ...] = (
    ("GET", "/v1/billing/subscriptions/?", SUBSCRIPTIONS, billing.list_subscriptions, 200),
    ("GET", _ONE, SUBSCRIPTIONS, billing.show_subscription, 200),
    ("GET", f"{_ONE}/transactions", SUBSCRIPTIONS, billing.list_transactions, 200),
    ("POST", f"{_ONE}/suspend", SUBSCRIPTIONS, billing.act_on("suspend"), 200),
    ("POST", f"{_ONE}/activate", SUBSCRIPTIONS, billing.act_on("activate"), 200),
    ("POST", f"{_ONE}/cancel", SUBSCRIPTIONS, billing.act_on("cancel"), 200),
    ("POST", f"{_ONE}/revise", SUBSCRIPTIONS, billing.revise, 200),
    ("GET", "/v1/billing/plans/{identity}", SUBSCRIPTIONS, billing.show_plan, 200),
    ("GET", "/v1/catalogs/products/{identity}", SUBSCRIPTIONS, billing.show_product, 200),
    ("GET", "/v1/payments/sale/{identity}", PAYMENTS, billing.show_sale, 200),
    ("GET", "/v2/checkout/orders/{identity}", PAYMENTS, billing.show_order, 200),
    ("POST", _HOOKS, WEBHOOKS, notifications.create_webhook, 201),
    ("GET", _HOOKS, WEBHOOKS, notifications.list_webhooks, 200),
    ("GET", f"{_HOOKS}/{{identity}}", WEBHOOKS, notifications.show_webhook, 200),
    ("PATCH", f"{_HOOKS}/{{identity}}", WEBHOOKS, notifications.change_webhook, 200),
    ("DELETE", f"{_HOOKS}/{{identity}}", WEBHOOKS, notifications.delete_webhook, 200),
    ("POST", "/v1/notifications/verify-webhook-signature", WEBHOOKS, verify, 200),
    ("GET", f"{_EVENTS}/?", WEBHOOKS, notifications.list_events, 200),
    ("GET", f"{_EVENTS}/{{identity}}", WEBHOOKS, notifications.show_event, 200),
    ("POST", f"{_EVENTS}/{{identity}}/resend", WEBHOOKS, notifications.resend_event, 202),
)


class Api:
    """The endpoints of one shop."""

    def __init__(self, shop: "PayPalShop") -> None:
        self.shop = shop
        self._debug_ids = count(1)

    def routes(self) -> list[Row]:
        """List what is answered."""
        rows: list[Row] = [
            (method, path, self._refusing(partial(self._let_in, scope, action, status)))
            for method, path, scope, action, status in _ROWS
        ]
        return [
            ("POST", "/v1/oauth2/token", self._refusing(self._give_token)),
            ("GET", f"{CERTIFICATES}{{identity}}", self._refusing(partial(notifications.serve_certificate, self.shop))),
            *rows,
        ]

    def failure(self, status: int) -> Answer:
        """Make PayPal's own answer for what needs no details."""
        return PayPalError(status).answer(self._debug_id())

    def _refusing(self, handler: Handler) -> Handler:
        def handle(request: Request, **parts: str) -> Answer:
            debug_id = self._debug_id()
            try:
                answer = handler(request, **parts)
            except (PayPalError, TokenError) as error:
                answer = error.answer(debug_id)
            headers = {**answer.headers, "Paypal-Debug-Id": debug_id}
            return Answer(status=answer.status, body=answer.body, content_type=answer.content_type, headers=headers)

        return handle

    def _give_token(self, request: Request) -> Answer:
        shop = self.shop
        with shop.lock:
            now = shop.clock.now()
            token = shop.tokens.give(request, now=now)
            scopes = [scope for scope in SCOPES if scope not in shop.faults.forbidden]
            document = token_document(token, now=now, app=f"APP-{shop.merchant}", scopes=scopes)
        shop.changed()
        return json_answer(document)

    def _let_in(self, scope: str, action: Action, status: int, request: Request, **parts: str) -> Answer:
        with self.shop.lock:
            self.shop.tokens.check(request, now=self.shop.clock.now())
            if scope in self.shop.faults.forbidden:
                raise forbidden()
            written = action(self.shop, read(request), **parts)
        return Answer(status=204) if written is None else Answer(status=status, body=encode(written))

    def _debug_id(self) -> str:
        return f"f{next(self._debug_ids):012x}"
