"""Changes over the REST API: webhooks, and what merchants' plugins do to subscriptions."""

from typing import TYPE_CHECKING

from integrations.sandbox.store import Record
from integrations.sandbox.wire import Answer
from integrations.sandbox.woocommerce import verbs
from integrations.sandbox.woocommerce.calls import Call
from integrations.sandbox.woocommerce.documents import document
from integrations.sandbox.woocommerce.errors import WooError, wrong
from integrations.sandbox.woocommerce.listing import answered, existing, known_statuses
from integrations.sandbox.woocommerce.sales import changed
from integrations.sandbox.woocommerce.webhooks import changed_webhook

if TYPE_CHECKING:
    from integrations.sandbox.woocommerce.shop import WooShop

_ADDRESSES = ("billing", "shipping")


def update_subscription(shop: "WooShop", call: Call, identity: str) -> Answer:
    """Change the status, the note, the addresses or the meta of a subscription. Raises WooError."""
    with shop.happening(by_rest=True) as turn:
        before = existing(shop, "subscription", identity)
        status = _status(shop, call, before)
        raw = _raw(call, before)
        changes = {name: value for name, value in changed(before, raw).items() if name in raw}
        after = verbs.move(turn, before, status, **changes)
        written = document(shop.desk, "subscription", after)
    return answered(call, written)


def delete_subscription(shop: "WooShop", call: Call, identity: str) -> Answer:
    """Remove a subscription for good when it is forced, or else put it in the trash. Raises WooError."""
    with shop.happening(by_rest=True) as turn:
        record = existing(shop, "subscription", identity)
        written = document(shop.desk, "subscription", record)
        remove = verbs.delete if _is_forced(call) else verbs.trash
        remove(turn, record)
    return answered(call, written)


def create_webhook(shop: "WooShop", call: Call) -> Answer:
    """Make a webhook and send the first ping to its address. Raises WooError."""
    written = document(shop.desk, "webhook", shop.mail.register(call.given))
    location = {"Location": f"{shop.address}/wp-json/wc/v3/webhooks/{written['id']}"}
    return answered(call, written, status=201, headers=location)


def update_webhook(shop: "WooShop", call: Call, identity: str) -> Answer:
    """Change a webhook; one that is active and was never reached gets another ping. Raises WooError."""
    with shop.lock:
        before = existing(shop, "webhook", identity)
        after = shop.mail.keep(changed_webhook(before, call.given, shop.clock.now()))
    if after["status"] == "active" and after["is_pending"]:
        shop.mail.ping(after)
    return answered(call, document(shop.desk, "webhook", after))


def delete_webhook(shop: "WooShop", call: Call, identity: str) -> Answer:
    """Remove a webhook. Raises WooError."""
    with shop.lock:
        record = existing(shop, "webhook", identity)
        if not _is_forced(call):
            raise WooError(501, "woocommerce_rest_trash_not_supported", "Webhooks do not support trashing.")
        shop.mail.drop(identity)
    return answered(call, document(shop.desk, "webhook", record))


def _is_forced(call: Call) -> bool:
    return call.flag("force") or call.given.get("force") in (True, "true")


def _status(shop: "WooShop", call: Call, before: Record) -> str:
    status = call.given.get("status") or call.given.get("transition_status") or before["status"]
    known = known_statuses(shop, "subscription")
    if status not in known:
        raise wrong("status", f"status is not one of {', '.join(known)}.", "rest_not_in_enum")
    return str(status)


def _raw(call: Call, before: Record) -> Record:
    raw: Record = {}
    for name in _ADDRESSES:
        if isinstance(given := call.given.get(name), dict):
            raw[name] = {key: str(value) for key, value in given.items()}
    if isinstance(note := call.given.get("customer_note"), str):
        raw["note"] = note
    if "meta_data" in call.given:
        raw["meta"] = _meta(call.given["meta_data"], before["meta"])
    return raw


def _meta(given: object, before: list[Record]) -> list[Record]:
    if not isinstance(given, list) or not all(isinstance(one, dict) and "key" in one for one in given):
        raise wrong("meta_data", "meta_data is not of type array.")
    kept = {one["key"]: one["value"] for one in before} | {one["key"]: one.get("value") for one in given}
    return [{"key": key, "value": value} for key, value in kept.items() if value is not None]
