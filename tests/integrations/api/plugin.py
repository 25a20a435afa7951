"""A shop's plugin: it has a key, and speaks to us over HTTP."""

import json
from collections.abc import Iterable
from typing import Any

from django.test import Client

from integrations.api import keys
from integrations.models import Connection

V1 = "/api/v1"
GRAPHQL = "/api/3/ecom/graphql"


class Plugin:
    """Speaks with a key of its own."""

    def __init__(self, connection: Connection | None, *, scopes: Iterable[str] = keys.STORE_SCOPES) -> None:
        self.connection = connection
        self.key, self.secret = keys.issue(connection, name="of the tests", scopes=scopes)

    @property
    def client(self) -> Client:
        """A line of its own for each request, so that threads can speak at once."""
        return Client(headers={"Authorization": f"Bearer {self.secret}"}, raise_request_exception=False)

    def get(self, path: str, **params: Any) -> Any:
        """Ask for an address under /api/v1."""
        return self.client.get(f"{V1}{path}", params)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send a body, as JSON unless it is bytes, to an address under /api/v1."""
        data = body if isinstance(body, bytes) else json.dumps(body)
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(method, f"{V1}{path}", data, content_type="application/json", headers=told)

    def bulk(self, *rows: Any, query: str = "", **headers: str) -> Any:
        """Send rows in bulk."""
        return self.send("POST", f"/recurring-payments/bulk{query}", {"recurring_payments": rows}, **headers)

    def outcomes(self, *rows: Any, query: str = "") -> list[str]:
        """Send rows in bulk and return the outcomes."""
        answer = self.bulk(*rows, query=query)
        assert answer.status_code == 200, answer.content
        return [one["outcome"] for one in answer.json()["outcomes"]]

    def errors(self, row: Any) -> dict[str, str]:
        """Send one row that is refused, and return its reasons by path."""
        [told] = self.bulk(row).json()["outcomes"]
        return {one["path"]: one["reason"] for one in told.get("errors", [])}

    def ids(self, **params: Any) -> list[str]:
        """List the ids of the payments that fulfil filters."""
        answer = self.get("/recurring-payments", **params)
        assert answer.status_code == 200, answer.content
        return [row["store_recurring_payment_id"] for row in answer.json()["results"]]

    def graphql(self, query: str, variables: Any = None, **more: Any) -> Any:
        """Ask over GraphQL, as older plugins do."""
        client = Client(headers={"Api-Token": self.secret}, raise_request_exception=False)
        body = {"query": query, "variables": variables} | more
        return client.post(GRAPHQL, json.dumps(body), content_type="application/json")


def row(payment_id: str = "sub_1", **values: Any) -> dict[str, Any]:
    """Return a row of the API."""
    return {"store_recurring_payment_id": payment_id} | values
