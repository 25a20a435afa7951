"""What the watch over our webhook at a store can find."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Watched(models.TextChoices):
    """How our webhook was found, in words for the connection's page."""

    NONE = "none", _("No webhook has been set up yet.")
    IN_ORDER = "in_order", _("The webhook is in order.")
    MENDED = "mended", _("The store had switched our webhook off, or had lost it. It has been set up again.")
    OFF = (
        "off",
        _(
            "The store has switched our webhook off, or has lost it, and our key may not mend that. "
            "Set the webhook up at the store again, or give the key the right to write webhooks."
        ),
    )
    UNSEEN = "unseen", _("The key may not see the webhook, so nobody watches over it.")
