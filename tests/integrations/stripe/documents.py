"""Whole Stripe objects and events, written after Stripe's reference in both of its shapes, and a way to change them."""

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Document = dict[str, Any]

FIXTURES = Path(__file__).parent / "fixtures"
EVENTS = FIXTURES / "events"
BEFORE, SINCE, THIN = "before_2025_03_31", "since_2025_03_31", "thin"
SHAPES = (BEFORE, SINCE)
# In place of a value: the key is not there at all.
ABSENT = object()


def read(path: Path) -> Document:
    """Read a fixture."""
    document: Document = json.loads(path.read_text(encoding="utf-8"))
    return document


def event_files() -> list[Path]:
    """List every event's file; its folder is the shape, its name the type."""
    return sorted(EVENTS.glob("*/*.json"))


def event(type_: str, changes: Mapping[str, Any] | None = None, *, shape: str = SINCE) -> Document:
    """Return an event, with some of its values changed."""
    return changed(read(EVENTS / shape / f"{type_}.json"), changes or {})


def object_of(name: str) -> Document:
    """Return a customer, a payment method or a product, which look alike in both shapes."""
    return read(FIXTURES / "objects" / f"{name}.json")


def named(shape: str = SINCE) -> Document:
    """Return the subscription as events show it: other objects are only named."""
    return read(FIXTURES / "objects" / shape / "subscription.json")


def told(changes: Mapping[str, Any] | None = None, *, shape: str = SINCE) -> Document:
    """Return the subscription as we ask for it, with the objects expanded that we expand, and some values changed."""
    customer = object_of("customer")
    customer["invoice_settings"]["default_payment_method"] = object_of("payment_method")
    whole = named(shape) | {
        "customer": customer,
        "default_payment_method": object_of("payment_method"),
        "latest_invoice": read(FIXTURES / "objects" / shape / "invoice.json"),
    }
    return changed(whole, changes or {})


def changed(document: Document, changes: Mapping[str, Any]) -> Document:
    """Return a copy with other values at dotted paths, such as `items.data.0.quantity`."""
    copied = copy.deepcopy(document)
    for path, value in changes.items():
        *steps, last = (int(step) if step.isdecimal() else step for step in path.split("."))
        part: Any = copied
        for step in steps:
            part = part[step]
        if value is ABSENT:
            del part[last]
        else:
            part[last] = copy.deepcopy(value)
    return copied
