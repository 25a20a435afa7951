"""The control plane under `/_sandbox/`: faults, happenings and counts over HTTP, for tests in another process."""

import json
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from integrations.sandbox.wire import Answer, Request, json_answer

if TYPE_CHECKING:
    from integrations.sandbox.routing import Row
    from integrations.sandbox.shop import Shop

Action = Callable[["Shop", dict[str, Any]], Any]
Control = Callable[[dict[str, Any]], Any]
"""Do what a JSON object asks for, and return what is answered. Raises ValueError or KeyError."""


def routes(shop: "Shop") -> "list[Row]":
    """List the control paths of a shop."""
    shared = ((method, name, cast(Control, partial(action, shop))) for method, name, action in _ACTIONS)
    return [(method, f"/_sandbox/{name}", _handler(control)) for method, name, control in [*shared, *shop.controls()]]


def _handler(control: Control) -> Callable[[Request], Answer]:
    def handle(request: Request) -> Answer:
        try:
            return json_answer(control(_read(request)))
        except (ValueError, KeyError) as error:
            return json_answer({"error": str(error.args[0])}, status=400)

    return handle


def _read(request: Request) -> dict[str, Any]:
    given = json.loads(request.body or b"{}")
    if not isinstance(given, dict):
        raise ValueError("Send a JSON object.")
    return given


def _tick(shop: "Shop", given: dict[str, Any]) -> Any:
    count = given.get("n", 1)
    if type(count) is not int or not 1 <= count <= 10_000:
        raise ValueError("n is a whole number from 1 to 10000.")
    return {"events": brief(shop.tick(n=count), shop.type_field)}


def _act(shop: "Shop", given: dict[str, Any]) -> Any:
    subscription, action = given.get("subscription"), given.get("action")
    if not isinstance(subscription, str) or not isinstance(action, str):
        raise ValueError("Give a subscription and an action.")
    return {"events": brief(shop.act(subscription, action), shop.type_field)}


def _set_faults(shop: "Shop", given: dict[str, Any]) -> Any:
    shop.faults.apply(given)
    return shop.faults.settings()


def _clear_faults(shop: "Shop", given: dict[str, Any]) -> Any:
    shop.faults.clear()
    return shop.faults.settings()


def _show_faults(shop: "Shop", given: dict[str, Any]) -> Any:
    return shop.faults.settings()


def _state(shop: "Shop", given: dict[str, Any]) -> Any:
    requested = {f"{method} {path}": times for (method, path), times in shop.requested.most_common()}
    sent = shop.deliveries
    return {
        "now": shop.clock.now(),
        "counts": shop.counts(),
        "requests": {"total": sum(requested.values()), "by_path": requested},
        "seconds": shop.answering,
        "deliveries": {"total": len(sent), "settled": sum(delivery.is_settled for delivery in sent)},
        "faults": shop.faults.settings(),
    }


def _flush(shop: "Shop", given: dict[str, Any]) -> Any:
    return {"done": shop.flush(retries=given.get("retries") is True)}


def brief(events: list[dict[str, Any]], field: str) -> list[dict[str, Any]]:
    """Name events by id and type; `field` is what the provider calls the type."""
    return [{"id": event["id"], "type": event[field]} for event in events]


_ACTIONS: tuple[tuple[str, str, Action], ...] = (
    ("POST", "tick", _tick),
    ("POST", "act", _act),
    ("POST", "flush", _flush),
    ("GET", "faults", _show_faults),
    ("POST", "faults", _set_faults),
    ("DELETE", "faults", _clear_faults),
    ("GET", "state", _state),
)
