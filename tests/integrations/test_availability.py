"""What connecting, choosing resources and disconnecting mean for whether recurring payments are seen."""

import pytest
from django.test import Client
from django.urls import reverse

from integrations.connecting import disconnect, refresh_store
from integrations.models import Connection
from subscriptions.availability import is_available
from tests.integrations.contracts import CONTRACTS, made
from tests.subscriptions.reports import report, tell


@pytest.mark.parametrize("provider", list(CONTRACTS))
@pytest.mark.parametrize("resources", [[], ["subscriptions"], ["orders"]])
@pytest.mark.parametrize("pays", [True, False])
def test_features_come_with_paypals_subscriptions_or_a_payment_and_go_unless_there_is_one(
    db: None, provider: str, resources: list[str], pays: bool
) -> None:
    connection = made(provider)
    connection.resources = resources
    connection.save_settings()
    refresh_store(connection)
    if pays:
        tell(connection.store, report())
    assert is_available() is (pays or (provider == "paypal" and resources != ["orders"]))
    disconnect(connection)
    assert is_available() is pays


def test_an_administrator_who_disconnects_paypal_takes_them_away(administrators: Client) -> None:
    connection = made("paypal")
    assert is_available()
    administrators.post(reverse("admin:connection_disconnect", args=[connection.pk]), {"payments": "keep"})
    assert not Connection.objects.exists()
    assert not is_available()
