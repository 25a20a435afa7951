"""The API of webhooks, their events and their certificates."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from integrations.sandbox.paypal.authority import Authority
from integrations.sandbox.paypal.calls import Call
from integrations.sandbox.paypal.documents import Document
from integrations.sandbox.paypal.errors import invalid_webhook, malformed, missing_notification, wrong
from integrations.sandbox.paypal.events import wants
from integrations.sandbox.paypal.ids import mint
from integrations.sandbox.paypal.links import link, links
from integrations.sandbox.paypal.moments import written
from integrations.sandbox.paypal.signing import CERTIFICATES
from integrations.sandbox.periods import DAY
from integrations.sandbox.store import Record
from integrations.sandbox.wire import Answer, Request

if TYPE_CHECKING:
    from integrations.sandbox.paypal.shop import PayPalShop

MOST_WEBHOOKS = 10
_LINKS = (("", "self", "GET"), ("", "update", "PATCH"), ("", "delete", "DELETE"))
_TYPE = re.compile(r"\*|[A-Z][A-Z0-9-]*(\.[A-Z0-9-]+)+")
_TOO_MUCH = 70 * 1024


def webhook_document(record: Record, base: str) -> Document:
    """Write a webhook."""
    types = [{"name": name, "description": name, "status": "ENABLED"} for name in record["event_types"]]
    path = f"/v1/notifications/webhooks/{record['id']}"
    return {"id": record["id"], "url": record["url"], "event_types": types, "links": links(base, path, _LINKS)}


def create_webhook(shop: "PayPalShop", call: Call) -> Document:
    """Register a webhook; an application has ten at most, each with an address of its own. Raises PayPalError."""
    given = call.body()
    return webhook_document(new_webhook(shop, given.get("url"), given.get("event_types")), call.base)


def new_webhook(shop: "PayPalShop", url: Any, event_types: Any) -> Record:
    """Make and keep a webhook. Raises PayPalError."""
    table = shop.store["webhook"]
    checked = {"url": _address(shop, url), "event_types": _types(event_types)}
    if len(table) >= MOST_WEBHOOKS:
        raise invalid_webhook("WEBHOOK_NUMBER_LIMIT_EXCEEDED", "The webhook's number limit has exceeded.")
    record = {"id": mint(shop.turn(), "webhook"), "created": shop.clock.now(), **checked}
    table.put(record)
    shop.changed()
    return record


def list_webhooks(shop: "PayPalShop", call: Call) -> Document:
    """List the webhooks."""
    return {"webhooks": [webhook_document(one, call.base) for one in shop.store["webhook"]]}


def show_webhook(shop: "PayPalShop", call: Call, identity: str) -> Document:
    """Show a webhook."""
    return webhook_document(_existing(shop, "webhook", identity), call.base)


def change_webhook(shop: "PayPalShop", call: Call, identity: str) -> Document:
    """Replace the address or the types of a webhook. Raises PayPalError."""
    record, patch = _existing(shop, "webhook", identity), call.json()
    if not isinstance(patch, list) or not all(isinstance(one, dict) for one in patch):
        raise malformed()
    for one in patch:
        read = _REPLACED.get(str(one.get("path")))
        if one.get("op") != "replace" or read is None:
            raise wrong("path", one.get("path"), "body")
        name, check = read
        record = record | {name: check(shop, one.get("value"), record)}
    shop.store["webhook"].put(record)
    shop.changed()
    return webhook_document(record, call.base)


def delete_webhook(shop: "PayPalShop", call: Call, identity: str) -> None:
    """Remove a webhook; what is still on its way to it is given up."""
    _existing(shop, "webhook", identity)
    shop.drop_webhook(identity)


def list_events(shop: "PayPalShop", call: Call) -> Document:
    """List the events of the last thirty days, or of another time, newest first."""
    now = shop.clock.now()
    start, end = call.moment("start_time", default=now - 30 * DAY), call.moment("end_time", default=now)
    size, last = call.whole("page_size", 10, 300), call.params.get("index_id")
    if last is not None and last not in shop.store["event"]:
        raise wrong("index_id", last)
    wanted = (call.params.get("event_type"), call.params.get("transaction_id"))
    page, more = shop.store["event"].page(
        limit=size, after=last, accept=lambda one: start <= one["created"] <= end and _is_wanted(one, *wanted)
    )
    documents = [one["document"] for one in page]
    rows = [link(call.base, f"{call.request.path}?{call.request.query}", "self")]
    if more:
        rows.append(link(call.base, f"{call.request.path}?{urlencode(call.params | _after(page[-1]))}", "next"))
    return {"events": documents, "count": len(documents), "links": rows}


def _after(event: Record) -> dict[str, str]:
    return {"move_to": "next", "index_time": written(event["created"]), "index_id": event["id"]}


def show_event(shop: "PayPalShop", call: Call, identity: str) -> Document:
    """Show an event."""
    return dict(_existing(shop, "event", identity)["document"])


def resend_event(shop: "PayPalShop", call: Call, identity: str) -> Document:
    """Send an event again, to the webhooks that are named or to all that want it. Raises PayPalError."""
    record = _existing(shop, "event", identity)
    named = call.body().get("webhook_ids")
    if named is None:
        chosen = [one for one in shop.store["webhook"] if wants(one, record["type"])]
    else:
        chosen = [_existing(shop, "webhook", one) for one in named]
    for webhook in chosen:
        shop.newsroom.send(record["document"], webhook)
    return dict(record["document"])


def serve_certificate(shop: "PayPalShop", request: Request, identity: str) -> Answer:
    """Serve a certificate with its issuer; what follows its id makes the answer one that nobody should trust."""
    parts = identity.split("-")
    suffix = parts.pop() if parts[-1] in _SERVINGS else ""
    with shop.lock:
        record = shop.authority.find("-".join(parts))
        if record is None or record["role"] not in _SERVED:
            raise missing_notification(identity)
        return _SERVINGS[suffix](shop.authority, record)


def pem(text: str) -> Answer:
    """Answer with a certificate."""
    return Answer(body=text.encode(), content_type="application/x-pem-file")


def _padded(authority: Authority, record: Record) -> Answer:
    chain = authority.chain(record)
    return pem(chain + "# nothing\n" * ((_TOO_MUCH - len(chain)) // 10 + 1))


_SERVED = frozenset({"leaf", "sandbox leaf", "expired", "misnamed", "foreign leaf"})
_SERVINGS: dict[str, Callable[[Authority, Record], Answer]] = {
    "": lambda authority, record: pem(authority.chain(record)),
    "alone": lambda authority, record: pem(record["pem"]),
    "moved": lambda authority, record: Answer(status=302, headers={"Location": f"{CERTIFICATES}{record['id']}"}),
    "padded": _padded,
}


def _existing(shop: "PayPalShop", kind: str, identity: Any) -> Record:
    record = shop.store[kind].get(str(identity))
    if record is None:
        raise missing_notification(str(identity))
    return record


def _is_wanted(event: Record, type_: str | None, resource: str | None) -> bool:
    return type_ in (None, event["type"]) and resource in (None, event["resource"])


def _address(shop: "PayPalShop", url: Any, record: Record | None = None) -> str:
    if not isinstance(url, str) or not url.startswith(("https://", "http://")):
        raise invalid_webhook("VALIDATION_ERROR", "Not a valid webhook URL", "url")
    others = (one for one in shop.store["webhook"] if record is None or one["id"] != record["id"])
    if any(one["url"] == url for one in others):
        raise invalid_webhook("WEBHOOK_URL_ALREADY_EXISTS", "Webhook URL already exists.")
    return url


def _types(given: Any) -> list[str]:
    names = [one.get("name") if isinstance(one, dict) else None for one in given] if isinstance(given, list) else []
    if not names or not all(isinstance(name, str) and _TYPE.fullmatch(name) for name in names):
        raise invalid_webhook("VALIDATION_ERROR", "Not a valid webhook event type", "event_types")
    return [str(name) for name in names]


_REPLACED: dict[str, tuple[str, Callable[["PayPalShop", Any, Record], Any]]] = {
    "/url": ("url", _address),
    "/event_types": ("event_types", lambda shop, value, record: _types(value)),
}
