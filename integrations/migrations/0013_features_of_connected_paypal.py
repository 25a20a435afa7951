"""Features are seen as soon as PayPal is connected: say so of what was connected before."""

from typing import Any

from django.db import migrations


def show_features(apps: Any, schema_editor: Any) -> None:
    connections = apps.get_model("integrations", "Connection").objects.filter(store__provider="paypal")
    stores = [
        connection.store_id
        for connection in connections
        if not connection.resources or "subscriptions" in connection.resources
    ]
    apps.get_model("subscriptions", "Store").objects.filter(pk__in=stores).update(features_from_start=True)


class Migration(migrations.Migration):

    dependencies = [
        ("integrations", "0012_keys_that_expire"),
        ("subscriptions", "0006_features_from_start"),
    ]

    operations = [migrations.RunPython(show_features, migrations.RunPython.noop)]
