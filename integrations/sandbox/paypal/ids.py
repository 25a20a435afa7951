"""Identifiers in PayPal's forms: capitals and digits, some kinds with a prefix."""

from random import Random
from string import ascii_uppercase, digits

from integrations.sandbox.chances import letters

_ALPHABET = digits + ascii_uppercase

_FORMS = {
    "merchant": ("", 13),
    "order": ("", 17),
    "payer": ("", 13),
    "plan": ("P-", 24),
    "product": ("PROD-", 17),
    "refund": ("", 17),
    "subscription": ("I-", 12),
    "token": ("A21AA", 92),
    "transaction": ("", 17),
    "webhook": ("", 17),
}


def mint(rng: Random, kind: str) -> str:
    """Make a new id of a kind."""
    prefix, length = _FORMS[kind]
    return prefix + letters(rng, length, _ALPHABET)


def mint_event(rng: Random) -> str:
    """Make the id of an event, which has two parts."""
    return f"WH-{letters(rng, 17, _ALPHABET)}-{letters(rng, 17, _ALPHABET)}"
