"""Write down a webhook endpoint as dj-stripe does after it has made one at Stripe, and print its id."""

import os
import uuid

import django


def main() -> None:
    """Make the row."""
    django.setup()
    from djstripe.models import WebhookEndpoint

    made = WebhookEndpoint.objects.create(
        id=f"we_{uuid.uuid4().hex}",
        enabled_events=["*"],
        url="http://127.0.0.1/",
        status="enabled",
        secret=os.environ["SHOP_SECRET"],
        livemode=False,
    )
    print(made.djstripe_uuid)


if __name__ == "__main__":
    main()
