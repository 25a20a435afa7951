"""May recurring-payment features be seen yet? Whoever offers a trigger, a condition or a tag asks here first.

The menu, the widget, columns and filters ask `is_available()` and leave out what is about recurring payments while it
says no. Segments, triggers and tags are to ask the same when they offer something; what was built before stays as it
is when the answer turns to no.
"""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q

from subscriptions.models import RecurringPayment, Store

# Kind of store -> the resource that shows the features as soon as it is connected. Every other kind of store, and
# every other resource, shows them with its first recurring payment.
_FROM_START = {"paypal": "subscriptions"}


def from_start(provider: str, resources: Collection[str]) -> bool:
    """Say whether a store of this kind shows the features before its first payment; no resources named are all."""
    wanted = _FROM_START.get(provider)
    return wanted is not None and (not resources or wanted in resources)


def is_available() -> bool:
    """Say whether recurring-payment features are to be seen, in one query that stops at the first store that shows.

    A store shows them as long as it is connected, if they come with its start, and as long as it has a payment,
    connected or not.
    """
    paying = RecurringPayment.objects.filter(store=OuterRef("pk"))
    return Store.objects.filter(Q(features_from_start=True) | Q(Exists(paying))).exists()
