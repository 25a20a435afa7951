"""Whom a store puts on the list that an administrator chose for its newcomers, and whom it takes off again."""

from collections.abc import Iterable, Mapping

from contacts.models import Contact
from contacts.services import subscribe, unsubscribe
from subscriptions.models import Store


def welcome(store: Store, newcomers: Iterable[int], consents: Mapping[int, bool], *, announce: bool = True) -> None:
    """Put people on the store's list, or take them off; contacts by their ids, in at most nine statements.

    `newcomers` were made just now since this store told of them; `consents` says of whom the store stated whether
    they accept marketing. The rule:

    - A newcomer of whom nothing is stated is subscribed; a contact that was there before is left alone.
    - Whoever is stated to accept is subscribed, newcomer or not.
    - Whoever is stated not to accept is not subscribed, and is unsubscribed if this store had subscribed them.
    - What somebody else decided stands: a store takes back only its own word, so nobody is subscribed again whom a
      marketer, or another store, unsubscribed, nor unsubscribed whom another subscribed.

    Where no list is chosen nothing happens, without a statement. Without `announce` (history) it starts nothing.
    """
    if store.newcomer_list_id is None:
        return
    refusing = {contact for contact, accepts in consents.items() if not accepts}
    coming = {*newcomers, *consents} - refusing
    if coming:
        subscribe(coming, store.newcomer_list_id, source=store.name, overrules=False, announce=announce)
    if refusing:
        unsubscribe(refusing, store.newcomer_list_id, source=store.name, overrules=False)


def welcome_people(store: Store, contacts: Iterable[Contact]) -> None:
    """Put on the store's list who was made just now, of people without a recurring payment."""
    welcome(store, [contact.pk for contact in contacts if contact.is_newcomer], {})
