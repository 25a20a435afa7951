"""What each address of the APIs takes, as whole as it can be, so that there is much to change in it."""

from typing import Any

from integrations.models import Connection
from tests.automations.flows import ACTIVE, days, flow, step, tag
from tests.integrations.api.plugin import GRAPHQL, V1
from tests.integrations.api.test_graphql import RECORD, SEARCH, UPSERT

SEGMENT: dict[str, Any] = {
    "all": [
        {
            "recurring_payment": {
                "any": [
                    {"field": "status", "op": "is_any_of", "value": ["paused", "active"]},
                    {"field": "payment_amount", "op": "between", "value": [5, "50.5"]},
                    {"field": "next_payment_date", "op": "in_the_next", "value": {"n": 7, "unit": "days"}},
                ]
            },
            "match": {"at_least": 2},
        },
        {"not": {"tag": "vip", "op": "has"}},
        {"contact": "email", "op": "contains", "value": "example"},
    ]
}
ROW: dict[str, Any] = {
    "store_recurring_payment_id": "p1",
    "status": "active",
    "email": "ada@example.com",
    "as_of": "2026-10-20T12:00:00Z",
    "payment_amount": "16.50",
    "currency": "EUR",
    "notes": ["ring twice"],
    "next_payment_date": "2026-12-01T10:00:00+01:00",
    "is_trial": False,
    "billing_interval_count": 1,
    "customer": {"first_name": "Ada", "accepts_marketing": True},
    "line_items": [{"name": "Coffee", "quantity": 2, "amount": 8.25, "categories": ["Drinks"]}],
}
REPORT: dict[str, Any] = {
    "about": "payments",
    "groups": [{"by": "start_date", "unit": "month"}, {"by": "status"}],
    "measures": [{"of": "payments"}, {"of": "payment_amount", "as": "sum"}],
    "where": {"field": "status", "op": "is", "value": "active"},
    "during": {"of": "start_date", "span": "this_quarter"},
    "money": "apart",
    "sort": {"by": "group", "number": 0, "down": True},
    "limit": 20,
    "chart": "none",
}
FLOW: dict[str, Any] = flow(
    step("email", subject="Hi {{ contact.first_name }}", text="It is {{ recurring_payment.name }}."),
    days(3),
    step("wait_until", days=["mon", "fri"], hour=8),
    step("if", where=ACTIVE, yes=[tag("yes")], no=[step("end")]),
    step("webhook", url="https://example.com/hook"),
    on=[
        {"id": "t1", "on": "updated", "field": "status", "from": "active", "to": "paused", "minutes": 30},
        {"id": "t2", "on": "date", "field": "next_payment_date", "days": -3, "hour": 8},
    ],
)
SHOP = {"connection": {"service": "shop", "externalid": "9", "name": "Ours", "linkUrl": "https://shop.example/"}}
_REQUESTS: list[tuple[str, str, Any]] = [
    (
        "POST",
        f"{V1}/recurring-payments/bulk",
        {"recurring_payments": [ROW, ROW | {"store_recurring_payment_id": "p2"}]},
    ),
    ("PUT", f"{V1}/recurring-payments/<any:store_recurring_payment_id>", ROW),
    ("PATCH", f"{V1}/recurring-payments/<any:store_recurring_payment_id>", ROW),
    ("POST", f"{V1}/segments", {"name": "One", "description": "Which", "segment": SEGMENT}),
    ("PUT", f"{V1}/segments/<int:segment_id>", {"name": "Two", "segment": SEGMENT}),
    ("POST", f"{V1}/segments/count", {"segment": SEGMENT}),
    ("POST", f"{V1}/segments/people", {"segment": SEGMENT}),
    ("POST", f"{V1}/segments/people/<int:contact_id>", {"segment": SEGMENT}),
    ("POST", f"{V1}/automations", {"name": "Made", "description": "Which", "flow": FLOW}),
    ("PUT", f"{V1}/automations/<int:automation_id>", {"name": "Changed", "revision": 1, "flow": FLOW}),
    ("POST", f"{V1}/automations/<int:automation_id>/publish", {"revision": 1}),
    ("POST", f"{V1}/automations/<int:automation_id>/people", {"contact": "ada@example.com", "recurring_payment": "p1"}),
    ("POST", f"{V1}/reports", {"name": "Made", "description": "Which", "definition": REPORT}),
    ("PUT", f"{V1}/reports/<int:report_id>", {"name": "Changed", "revision": 1, "definition": REPORT}),
    ("POST", f"{V1}/reports/run", {"definition": REPORT}),
    ("POST", "/api/3/connections", SHOP),
    ("PUT", "/api/3/connections/<int:connection_id>", SHOP),
    (
        "POST",
        GRAPHQL,
        {
            "query": SEARCH,
            "variables": {
                "filter": {
                    "name": {"value": "Coffee", "filterOperator": "CONTAINS", "sort": "ASC"},
                    "paymentAmount": {"value": 5, "filterOperator": "GT"},
                    "nextPaymentDate": {"value": "2026-12-01T00:00:00Z", "filterOperator": "LTE"},
                    "shippingAddress": {"city": {"value": "London"}},
                    "pagination": {"offset": 0, "limit": 5},
                }
            },
        },
    ),
]


# What scripts of our own pages post as JSON.
PAGES: list[tuple[str, Any]] = [
    ("/admin/segments/preview/", SEGMENT),
    ("/admin/segments/preview/?inside_payment=1", SEGMENT["all"][0]["recurring_payment"]),
    ("/admin/segments/preview/?has_this=1", {"recurring_payment": SEGMENT, "match": "this"}),
    ("/admin/segments/reach/", SEGMENT),
    ("/admin/segments/why/", SEGMENT),
    ("/admin/automations/<int:automation_id>/check/", FLOW),
    ("/admin/reports/custom/result/", REPORT),
    ("/admin/reports/custom/behind/", REPORT),
]


def requests(store: Connection) -> list[tuple[str, str, Any]]:
    """List method, route as `tests.config.matrix` writes it, and a body of each."""
    rows = [RECORD | {"legacyConnectionId": store.store_id}]
    upsert = {"query": UPSERT, "variables": {"rows": rows}, "operationName": "upsert"}
    return [*_REQUESTS, ("POST", GRAPHQL, upsert)]


def with_connection(route: str, connection: Connection) -> str:
    """Return the query that tells which connection a key of the account means."""
    return f"?connection={connection.store_id}" if route.startswith(f"{V1}/recurring") else ""
