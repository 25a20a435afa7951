"""Sending nothing to an address any more, whoever has it: it bounced for good, or its owner called us spam."""

import hashlib
from typing import TYPE_CHECKING

from contacts.models import Suppression

if TYPE_CHECKING:
    from django.db.models import QuerySet


def suppress(email_key: str, reason: str, *, detail: str = "") -> bool:
    """Send nothing there from now on; a complaint outweighs a bounce. Say whether that is news."""
    told = {"email_key": email_key, "reason": reason, "detail": detail[:300]}
    row, is_new = Suppression.objects.get_or_create(digest=_digest(email_key), defaults=told)
    if not is_new and reason == Suppression.Reason.COMPLAINED and row.reason != reason:
        Suppression.objects.filter(pk=row.pk).update(reason=reason, detail=detail[:300])
    return is_new


def of(email_key: str | None) -> Suppression | None:
    """Return why nothing is sent to an address; None where there is no reason."""
    return about(email_key).first() if email_key else None


def about(email_key: str) -> "QuerySet[Suppression]":
    """Select why nothing is sent to an address, for a question that asks more than that."""
    return Suppression.objects.filter(digest=_digest(email_key))


def lift(email_key: str) -> bool:
    """Send there again; say whether it was suppressed."""
    return bool(Suppression.objects.filter(digest=_digest(email_key)).delete()[0])


def forget(email_key: str | None) -> None:
    """Keep that nothing is sent there, but not the address."""
    if email_key:
        Suppression.objects.filter(digest=_digest(email_key)).update(email_key=None, detail="")


def _digest(email_key: str) -> str:
    return hashlib.sha256(email_key.encode()).hexdigest()
