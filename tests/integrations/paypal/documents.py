"""A subscription of PayPal's with everything that it can tell, and the same changed at some paths."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.providers.paypal.mapping import Reading, record
from subscriptions.records import Record

NOW = datetime(2026, 10, 20, 14, 5, 30, tzinfo=UTC)
BEGUN = datetime(2026, 7, 20, 12, tzinfo=UTC)
# In place of a value: there is none.
ABSENT = object()
_ADDRESS = {
    "address_line_1": "8 quai Saint-Antoine",
    "address_line_2": "2e étage",
    "admin_area_2": "Lyon",
    "admin_area_1": "Rhône",
    "postal_code": "69002",
    "country_code": "FR",
}
DOCUMENT: dict[str, Any] = {
    "id": "I-BW452GLLEP1G",
    "status": "ACTIVE",
    "status_change_note": "Back from the sea",
    "status_update_time": "2026-09-01T08:00:00Z",
    "plan_id": "P-5ML4271244454362WXNWU5NQ",
    "start_time": "2026-07-20T12:00:00Z",
    "quantity": "3",
    "shipping_amount": {"currency_code": "EUR", "value": "4.9"},
    "custom_id": "W-1001",
    "create_time": "2026-07-20T12:00:00Z",
    "update_time": "2026-10-20T12:00:02Z",
    "subscriber": {
        "email_address": "Ada@Lovelace.example",
        "payer_id": "GBZ0YFPYM0XWJ",
        "name": {"given_name": "Augusta Ada", "surname": "King"},
        "phone": {"phone_number": {"national_number": "33140000001"}},
        "shipping_address": {
            "name": {"full_name": "Charles Babbage"},
            "address": _ADDRESS | {"address_line_1": "5 quai du Port", "postal_code": "13002"},
        },
        "payment_source": {"card": {"expiry": "2029-04", "billing_address": _ADDRESS}},
    },
    "billing_info": {
        "outstanding_balance": {"currency_code": "EUR", "value": "0.0"},
        "cycle_executions": [
            {"tenure_type": "TRIAL", "sequence": 1, "cycles_completed": 1, "cycles_remaining": 0, "total_cycles": 1},
            {"tenure_type": "REGULAR", "sequence": 2, "cycles_completed": 1, "cycles_remaining": 0, "total_cycles": 0},
        ],
        "last_payment": {"amount": {"currency_code": "EUR", "value": "61.9"}, "time": "2026-10-20T12:00:00Z"},
        "next_billing_time": "2027-01-20T12:00:00Z",
        "failed_payments_count": 0,
    },
    "plan": {
        "name": "Loom, quarterly",
        "product_id": "PROD-LOOM",
        "billing_cycles": [
            {
                "tenure_type": "TRIAL",
                "frequency": {"interval_unit": "DAY", "interval_count": 7},
                "pricing_scheme": {"fixed_price": {"currency_code": "EUR", "value": "1.0"}},
            },
            {
                "tenure_type": "REGULAR",
                "frequency": {"interval_unit": "MONTH", "interval_count": 3},
                "pricing_scheme": {"fixed_price": {"currency_code": "EUR", "value": "19.0"}},
            },
        ],
        "taxes": {"percentage": "20.0", "inclusive": False},
    },
}
READING = Reading(
    as_of=NOW, connected_at=BEGUN - timedelta(days=1), products={"PROD-LOOM": {"category": "ARTS_AND_CRAFTS"}}
)


def told(changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the subscription, changed at some paths."""
    document = deepcopy(DOCUMENT)
    for path, value in (changes or {}).items():
        *above, name = path.split(".")
        place: Any = document
        for step in above:
            place = place[int(step)] if isinstance(place, list) else place[step]
        if value is ABSENT:
            del place[name]
        else:
            place[int(name) if isinstance(place, list) else name] = value
    return document


def mapped(changes: Mapping[str, Any] | None = None, **reading: Any) -> Record:
    """Map the subscription, changed at some paths."""
    return record(told(changes), replace(READING, **reading))
