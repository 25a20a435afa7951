"""What can be wrong with a connection, in the words of whoever has to mend it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Problem(models.TextChoices):
    """One kind of trouble; the label names the cause and the remedy."""

    KEY_REFUSED = (
        "key_refused",
        _("The store refuses the API key. Make a new restricted key at the store and enter it in the settings."),
    )
    PERMISSION = (
        "permission",
        _("The API key may not read everything that is needed. Give it the missing right at the store."),
    )
    WEBHOOK_PERMISSION = (
        "webhook_permission",
        _(
            "The API key may not change webhooks. Give it that right at the store; or set the webhook up there by "
            "hand, at the address that this connection shows, and enter the secret or ID that it has there."
        ),
    )
    UNREACHABLE = (
        "unreachable",
        _("The store cannot be reached. Check its address and the network."),
    )
    NOT_A_STORE = (
        "not_a_store",
        _("Something answers at the store's address, but not the store's API. Check the address."),
    )
    RATE_LIMITED = (
        "rate_limited",
        _("The store asks us to slow down. Fewer requests per second help if this lasts."),
    )
    STORE_FAULT = (
        "store_fault",
        _("The store answers with a fault of its own. This usually passes."),
    )
    REFUSED = (
        "refused",
        _("The store refuses our request. The details say which one."),
    )
    NOT_FOUND = (
        "not_found",
        _("The store does not have what we asked for."),
    )
    PLUGIN_MISSING = (
        "plugin_missing",
        _("The shop has no WooCommerce Subscriptions, or one older than version 3.1. Install or update it there."),
    )
    WEBHOOK_OFF = (
        "webhook_off",
        _("The store has switched our webhook off, or has lost it. Set it up again."),
    )
    OUR_FAULT = (
        "our_fault",
        _("Something went wrong on our side, not at the store. The server's log says more."),
    )


PROBLEMS = Problem.choices
# A good answer says nothing of these: only who looks again may say that they are over.
STANDING = frozenset({Problem.WEBHOOK_OFF})
# Troubles that say nothing of the credentials, and that may be over in a minute.
PASSING = frozenset({Problem.UNREACHABLE, Problem.RATE_LIMITED, Problem.STORE_FAULT})
