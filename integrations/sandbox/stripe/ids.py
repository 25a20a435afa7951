"""Identifiers in Stripe's form: the prefix tells the kind."""

from random import Random

from integrations.sandbox.chances import letters

_FORMS = {
    "account": ("acct_1", 15),
    "charge": ("ch_3", 23),
    "customer": ("cus_", 14),
    "discount": ("di_1", 23),
    "event": ("evt_1", 23),
    "invoice": ("in_1", 23),
    "payment_method": ("pm_1", 23),
    "price": ("price_1", 23),
    "product": ("prod_", 14),
    "subscription": ("sub_1", 23),
    "subscription_item": ("si_", 14),
    "webhook_endpoint": ("we_1", 23),
}
_KINDS = {prefix.partition("_")[0]: kind for kind, (prefix, _) in _FORMS.items()}


def mint(rng: Random, kind: str) -> str:
    """Make a new id of a kind."""
    prefix, length = _FORMS[kind]
    return prefix + letters(rng, length)


def kind_of(identity: str) -> str:
    """Tell the kind of an id. Raises KeyError for an unknown prefix."""
    return _KINDS[identity.partition("_")[0]]


def sibling(identity: str, prefix: str) -> str:
    """Make the id of what exists once for another object, such as the charge of an invoice."""
    return f"{prefix}_3{identity.partition('_')[2][1:]}"


def invoice_behind(identity: str) -> str:
    """Find the invoice whose sibling this id is."""
    return f"in_1{identity.partition('_')[2][1:]}"
