"""The shop's webhooks and what they send: kept, pinged, signed, and counted."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from integrations.sandbox.delivery import Delivery
from integrations.sandbox.sending import Headers
from integrations.sandbox.store import Record, Table
from integrations.sandbox.woocommerce.backlog import Backlog, Job
from integrations.sandbox.woocommerce.payloads import bodies
from integrations.sandbox.woocommerce.signing import PING, delivery_id, headers_for, ping_headers
from integrations.sandbox.woocommerce.webhooks import after_attempt, cloned_webhook, new_webhook

if TYPE_CHECKING:
    from integrations.sandbox.woocommerce.shop import WooShop

_STRANGER = "of-somebody-else"


class Mailroom:
    """Keep webhooks and send for them; `backlog` holds what is due but not built yet."""

    def __init__(self, shop: "WooShop", *, pause: float) -> None:
        self.shop = shop
        self.backlog = Backlog(self._hand_over, pause=pause)

    @property
    def webhooks(self) -> Table:
        """The webhooks, those of cloned shops among them."""
        return self.shop.store["webhook"]

    def register(self, given: Mapping[str, Any]) -> Record:
        """Make a webhook and send the first ping to its address. Raises WooError."""
        rng = self.shop.turn()
        with self.shop.lock:
            made = new_webhook(rng, given, self.shop.clock.now())
            record = self.keep(made | {"id": self.shop.numbers.take("webhook")})
        self.ping(record)
        return record

    def keep(self, record: Record) -> Record:
        """Add or replace a webhook."""
        with self.shop.lock:
            self.webhooks.put(record)
        self.shop.changed()
        return record

    def drop(self, identity: str) -> None:
        """Remove a webhook; what is still on its way is given up."""
        with self.shop.lock:
            self.webhooks.drop(identity)
        self.shop.changed()

    def clone(self, source: str) -> None:
        """Give each webhook a twin that tells the same from another address."""
        with self.shop.lock:
            for webhook in [one for one in self.webhooks if "source" not in one]:
                self.keep(cloned_webhook(webhook, source))

    def ping(self, webhook: Record) -> None:
        """Send the form that only names a webhook, unsigned."""
        body = f"webhook_id={webhook['id']}".encode()
        self._send(webhook, body, event=PING, type_=PING)

    def headers(self, delivery: Delivery, forged: bool) -> Headers | None:
        """Make the headers of one attempt at a delivery; None when its webhook is gone."""
        with self.shop.lock:
            webhook = self.webhooks.get(delivery.endpoint)
        if webhook is None:
            return None
        if delivery.type == PING:
            return ping_headers()
        return headers_for(
            webhook,
            delivery.body,
            secret=_STRANGER if forged else webhook["secret"],
            delivery=delivery_id(webhook["id"], self.shop.clock.now()),
            source=webhook.get("source") or f"{self.shop.address}/",
        )

    def tried(self, delivery: Delivery) -> None:
        """Count a failure or forget those before; a ping counts for nothing, and must be answered with 200."""
        with self.shop.lock:
            webhook = self.webhooks.get(delivery.endpoint)
            if webhook and delivery.type == PING:
                self.keep(webhook | {"is_pending": delivery.status != 200})
            elif webhook:
                self.keep(after_attempt(webhook, delivery.status, self.shop.faults.failures_allowed))

    def _hand_over(self, jobs: list[Job]) -> None:
        with self.shop.lock:
            for job in jobs:
                if webhook := self.webhooks.get(job.webhook):
                    for body in bodies(self.shop.desk, self.shop.faults, webhook, job):
                        self._send(webhook, body, event=job.event, type_=webhook["topic"])
        self.shop.changed()

    def _send(self, webhook: Record, body: bytes, *, event: str, type_: str) -> None:
        url = webhook["delivery_url"]
        self.shop.queue.add(Delivery(event=event, type=type_, endpoint=webhook["id"], url=url, body=body))
