"""Whether payments are as the shops have them, and whether the change log tells how they became so."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from integrations.models import Connection, Delivery
from integrations.providers.woocommerce import statuses as woo
from subscriptions.catalogue import BY_NAME, OF_ITEMS, STORED
from subscriptions.models import Change, RecurringPayment
from subscriptions.services import QUIET
from tests.chaos.truth import told
from tests.chaos.witness import Witness

# What the log tells of line items where no field of theirs differs: said only then, so one does not follow the other.
_UNCHAINED = frozenset({"line_item_quantity", "line_item_amount", "line_items"})
_GONE = frozenset({woo.DELETED, woo.TRASH})


def as_the_shops_have_them(witness: Witness) -> Iterator[str]:
    """Each payment of a shop is here with the fields that a fresh reading gives, and none is here besides."""
    for connection in _asked():
        kind, ours = connection.provider_name, told(connection)
        there = witness.truth.get(kind, {})
        for payment in sorted(there.keys() - ours.keys()):
            yield f"{kind}: the payment {payment} is missing"
        for payment in sorted(ours.keys() - there.keys()):
            if ours[payment]["store_status"] not in _GONE:
                yield f"{kind}: there is a payment {payment} that the shop does not have"
        for payment in sorted(ours.keys() & there.keys()):
            for name, (here, said) in _differing(ours[payment], there[payment]).items():
                yield f"{kind}: {name} of {payment} is {here!r} here and {said!r} at the shop"


def _asked() -> list[Connection]:
    return list(Connection.objects.exclude(store__provider="api").select_related("store").order_by("pk"))


def _differing(ours: dict[str, Any], there: Any) -> dict[str, tuple[Any, Any]]:
    return {name: (ours.get(name), there[name]) for name in there if ours.get(name) != there[name]}


def in_the_shops_own_words(witness: Witness) -> Iterator[str]:
    """The raw status is what stands in the shop's own file, past every mapping."""
    for connection in _asked():
        stored = dict(connection.store.recurring_payments.values_list("store_recurring_payment_id", "store_status"))
        for payment, status in sorted(witness.statuses.get(connection.provider_name, {}).items()):
            if payment in stored and stored[payment] != status:
                words = f"{stored[payment]!r} here and {status!r} in the shop's own file"
                yield f"{connection.provider_name}: the status of {payment} is {words}"


def with_their_person(_witness: Witness) -> Iterator[str]:
    """Whoever can be known has a contact."""
    for payment in RecurringPayment.objects.filter(contact=None).exclude(email=""):
        yield f"the payment {payment.store_recurring_payment_id} of {payment.email} is nobody's"


def changes_follow_each_other(_witness: Witness) -> Iterator[str]:
    """In the log each value was what the one before made it, and the last is what the payment says now."""
    changes: dict[int, list[Change]] = defaultdict(list)
    for change in Change.objects.order_by("pk"):
        changes[change.payment_id].append(change)
    for payment in RecurringPayment.objects.prefetch_related("line_items").order_by("pk"):
        name = f"{payment.store_recurring_payment_id} (payment {payment.pk})"
        for sentence in _followed(changes[payment.pk], payment):
            yield f"change log of {name}: {sentence}"


def _followed(changes: list[Change], payment: RecurringPayment) -> Iterator[str]:
    kinds = [change.kind for change in changes]
    if kinds.count("created") != 1 or kinds[0] != "created":
        yield f"it was created {kinds.count('created')} times, in {kinds[:5]}"
    known: dict[str, Any] = {}
    for change in changes:
        for field, (before, now) in change.fields.items():
            if before == now:
                yield f"change {change.pk} changes nothing: {field} is {now!r} before and after"
            elif field not in {*_UNCHAINED, *QUIET} and _is_known(field, known, change) and known.get(field) != before:
                yield f"change {change.pk} has {field} from {before!r}, where it was {known.get(field)!r}"
            known[field] = now
    for field, value in _values(payment).items():
        if _or_nothing(known.get(field)) != value:
            yield f"the last {field} in it is {known.get(field)!r}, and the payment says {value!r}"


def _is_known(field: str, known: dict[str, Any], change: Change) -> bool:
    """Whether what was before can be told: a creation says only what was not empty, and not whose it is."""
    return change.kind == "updated" and field in known


def _values(payment: RecurringPayment) -> dict[str, Any]:
    names = [name for name in [*STORED, *OF_ITEMS] if name not in QUIET]
    return {name: _or_nothing(BY_NAME[name].kind.dump(BY_NAME[name].value(payment))) for name in names}


def _or_nothing(value: Any) -> Any:
    return None if value in ("", []) else value


def events_are_kept_once(witness: Witness) -> Iterator[str]:
    """What was answered with success stands in the inbox, once, and has come to its end."""
    for connection in _asked():
        keys = list(connection.deliveries.values_list("key", flat=True))
        known = {key.partition(":")[0] for key in keys} | set(keys)
        for key in sorted(witness.accepted.get(connection.provider_name, frozenset()) - known):
            yield f"{connection.provider_name}: the event {key} was accepted and is not in the inbox"
    for delivery in Delivery.objects.filter(Q(state="waiting") | Q(finished_at=None)):
        yield f"the event {delivery.key} is not finished: {delivery.state}, {delivery.attempts} attempts"


def only_the_poisoned_failed(witness: Witness) -> Iterator[str]:
    """Events that failed are those that nobody could read, and all of those."""
    failed = dict(Delivery.objects.filter(state=Delivery.State.FAILED).values_list("key", "reason"))
    for key in sorted(failed.keys() - witness.poisoned):
        yield f"the event {key} has failed: {failed[key]}"
    for key in sorted(witness.poisoned - failed.keys()):
        yield f"the event {key} cannot be read, and has not failed"


def writes_took_effect_once(witness: Witness) -> Iterator[str]:
    """What our API said it has written is in the log once; what it never answered is there once or not at all."""
    rows = Change.objects.filter(payment__store__provider="api").order_by("pk")
    found: dict[tuple[str, str], int] = defaultdict(int)
    for payment, fields in rows.values_list("payment__store_recurring_payment_id", "fields"):
        if "payment_amount" in fields:
            found[payment, str(fields["payment_amount"][1])] += 1
    for write in witness.writes:
        times = found.pop((write.payment, write.amount), 0)
        least = 1 if write.outcome in {"created", "updated"} else 0
        most = 0 if write.outcome in {"stale", "unchanged", "error"} else 1
        if not least <= times <= most:
            said = write.outcome or "no answer"
            yield f"the row {write.key} of {write.payment} took effect {times} times, and the answer was: {said}"
    for payment, amount in sorted(found):
        yield f"the payment {payment} was once {amount}, which nobody wrote"


def the_last_write_stands(witness: Witness) -> Iterator[str]:
    """A payment of our API is as the last row says that was answered, or as one that never was; never half of one."""
    stored = {
        payment: (amount, status)
        for payment, amount, status in RecurringPayment.objects.filter(store__provider="api").values_list(
            "store_recurring_payment_id", "payment_amount", "status"
        )
    }
    rows: dict[str, list[Any]] = defaultdict(list)
    for write in witness.writes:
        rows[write.payment].append(write)
    for payment, written in sorted(rows.items()):
        answered = [one for one in written if one.outcome in {"created", "updated"}]
        possible = [*answered[-1:], *(one for one in written if not one.outcome)]
        if payment not in stored:
            if answered:
                yield f"the payment {payment} was acknowledged and is missing"
            continue
        amount, status = stored[payment]
        if (f"{amount:.4f}", status) not in {(one.amount, one.status) for one in possible}:
            yield f"the payment {payment} is {amount} and {status}, as no row says that may stand"


CHECKS = (
    as_the_shops_have_them,
    in_the_shops_own_words,
    with_their_person,
    changes_follow_each_other,
    events_are_kept_once,
    only_the_poisoned_failed,
    writes_took_effect_once,
    the_last_write_stands,
)
