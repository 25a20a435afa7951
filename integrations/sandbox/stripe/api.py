"""The API under `/v1/`: who may call what, and which function answers."""

from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from integrations.sandbox.routing import Handler, Row
from integrations.sandbox.stripe import changes, endpoints, verbs
from integrations.sandbox.stripe.calls import Call, check_key, read
from integrations.sandbox.stripe.documents import document
from integrations.sandbox.stripe.errors import StripeError, missing
from integrations.sandbox.stripe.listing import existing, page, payments, single
from integrations.sandbox.stripe.searching import search
from integrations.sandbox.stripe.templates import ACCOUNT
from integrations.sandbox.stripe.updating import changes_for
from integrations.sandbox.verbs import NotPossible
from integrations.sandbox.wire import Answer, Request, encode

if TYPE_CHECKING:
    from integrations.sandbox.stripe.shop import StripeShop

Action = Callable[..., Any]

_LISTED = {
    "subscriptions": "subscription",
    "customers": "customer",
    "invoices": "invoice",
    "products": "product",
    "prices": "price",
    "payment_methods": "payment_method",
    "events": "event",
    "webhook_endpoints": "webhook_endpoint",
}


class Api:
    """The endpoints of one shop."""

    def __init__(self, shop: "StripeShop") -> None:
        self.shop = shop
        self._replays: OrderedDict[str, tuple[bytes, Answer]] = OrderedDict()

    def routes(self) -> list[Row]:
        """List what is answered."""
        rows: list[tuple[str, str, str, Action]] = [
            ("GET", "/v1/account", "account", self._account),
            ("GET", "/v1/accounts", "account", self._connected_accounts),
            ("GET", "/v1/accounts/{identity}", "account", self._account),
            ("GET", "/v1/charges/{identity}", "charge", partial(single, self.shop, kind="charge")),
            ("GET", "/v1/invoice_payments", "invoice", partial(payments, self.shop)),
            ("GET", "/v1/subscriptions/search", "subscription", partial(search, self.shop)),
            ("POST", "/v1/subscriptions/{identity}/pause", "subscription", partial(self._do, action="suspend")),
            ("POST", "/v1/subscriptions/{identity}/resume", "subscription", partial(self._do, action="resume")),
            ("POST", "/v1/subscriptions/{identity}", "subscription", self._update_subscription),
            ("DELETE", "/v1/subscriptions/{identity}", "subscription", partial(self._do, action="cancel")),
            ("POST", "/v1/customers/{identity}", "customer", self._update_customer),
            ("DELETE", "/v1/customers/{identity}", "customer", self._delete_customer),
            ("POST", "/v1/webhook_endpoints", "webhook_endpoint", self._create_endpoint),
            ("POST", "/v1/webhook_endpoints/{identity}", "webhook_endpoint", self._update_endpoint),
            ("DELETE", "/v1/webhook_endpoints/{identity}", "webhook_endpoint", self._delete_endpoint),
            ("GET", "/v2/core/events/{identity}", "event", partial(single, self.shop, kind="event")),
        ]
        for plural, kind in _LISTED.items():
            rows.append(("GET", f"/v1/{plural}", kind, partial(page, self.shop, kind=kind)))
            rows.append(("GET", f"/v1/{plural}/{{identity}}", kind, partial(single, self.shop, kind=kind)))
        return [(method, path, self._guarded(kind, action)) for method, path, kind, action in rows]

    def _guarded(self, kind: str, action: Action) -> Handler:
        def handle(request: Request, **parts: str) -> Answer:
            id_, version = self.shop.next_request_id(), self.shop.shape
            try:
                check_key(request, self.shop.key)
                call = read(request, id_=id_, version=version)
                version = call.version
                with self.shop.lock:
                    self.shop.permit(kind, write=request.method != "GET")
                    answer = self._once(call, partial(action, call=call, **parts))
            except StripeError as error:
                answer = error.answer()
            return _labelled(answer, id_, version)

        return handle

    def _once(self, call: Call, act: Callable[[], Any]) -> Answer:
        key = call.request.headers.get("idempotency-key", "") if call.request.method == "POST" else ""
        asked = call.request.path.encode() + b"\n" + call.request.body
        if key in self._replays:
            before, answer = self._replays[key]
            if before != asked:
                raise StripeError(
                    400, "This idempotency key was used with other parameters before.", type_="idempotency_error"
                )
            return _labelled(answer, call.id, call.version, {"Idempotent-Replayed": "true"})
        written = act()
        answer = Answer(body=written if isinstance(written, bytes) else encode(written))
        if key:
            self._replays[key] = asked, answer
            while len(self._replays) > 1000:
                self._replays.popitem(last=False)
        return answer

    def _account(self, call: Call, identity: str = "") -> Any:
        if identity not in ("", self.shop.account):
            raise missing("account", identity)
        return ACCOUNT | {"id": self.shop.account}

    def _connected_accounts(self, call: Call) -> Any:
        """Nobody works through this account."""
        return {"object": "list", "data": [], "has_more": False, "url": call.request.path}

    def _shown(self, call: Call, kind: str, identity: str) -> bytes:
        return single(self.shop, call, kind, identity)

    def _update_subscription(self, call: Call, identity: str) -> bytes:
        record = existing(self.shop, "subscription", identity)
        changed = changes_for("subscription", call.params, record)
        with self.shop.happening(call.source) as turn:
            if "cancel_at_period_end" in changed:
                changed |= verbs.ending_fields(turn, record, ends=changed["cancel_at_period_end"])
            changes.update(turn, identity, changed)
        return self._shown(call, "subscription", identity)

    def _do(self, call: Call, identity: str, action: str) -> bytes:
        record = existing(self.shop, "subscription", identity)
        try:
            with self.shop.happening(call.source) as turn:
                verbs.do(turn, record, action)
        except NotPossible as error:
            raise StripeError(400, str(error)) from error
        return self._shown(call, "subscription", identity)

    def _update_customer(self, call: Call, identity: str) -> bytes:
        record = self._living(identity)
        with self.shop.happening(call.source) as turn:
            changes.update(turn, identity, changes_for("customer", call.params, record))
        return self._shown(call, "customer", identity)

    def _delete_customer(self, call: Call, identity: str) -> Any:
        self._living(identity)
        with self.shop.happening(call.source) as turn:
            changes.delete_customer(turn, identity)
        return {"id": identity, "object": "customer", "deleted": True}

    def _living(self, identity: str) -> dict[str, Any]:
        record = existing(self.shop, "customer", identity)
        if record.get("deleted"):
            raise missing("customer", identity)
        return record

    def _create_endpoint(self, call: Call) -> Any:
        return self.shop.keep_endpoint(endpoints.new_endpoint(self.shop.turn(), call.params, self.shop.clock.now()))

    def _update_endpoint(self, call: Call, identity: str) -> Any:
        record = existing(self.shop, "webhook_endpoint", identity)
        changed = endpoints.changed_endpoint(record, call.params)
        self.shop.keep_endpoint(changed)
        return document(self.shop.desk, "webhook_endpoint", changed, call.era)

    def _delete_endpoint(self, call: Call, identity: str) -> Any:
        existing(self.shop, "webhook_endpoint", identity)
        self.shop.drop_endpoint(identity)
        return {"id": identity, "object": "webhook_endpoint", "deleted": True}


def _labelled(answer: Answer, id_: str, version: str, more: dict[str, str] | None = None) -> Answer:
    headers = {**answer.headers, "Request-Id": id_, "Stripe-Version": version, **(more or {})}
    return Answer(status=answer.status, body=answer.body, headers=headers)
