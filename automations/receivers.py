"""Switching off, as a whole, an address that has failed for long, and on again; nobody’s call is lost meanwhile."""

import logging
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from automations import bell
from automations.models import Automation, AutomationVersion, Call, Receiver

logger = logging.getLogger(__name__)

# An address is switched off once so many calls in a row have failed, the first of them so long ago: a receiver that is
# being repaired overnight is called again by itself, and one that is gone is not called for good.
MOST_FAILURES = 20
LONGEST = timedelta(days=1)
# Seconds after which a call that waits for such an address is looked at again: the step may have another one by then.
LOOKED_AT_AGAIN = 600.0
# The problem of a call that waits for one.
OFF = "webhook_off"


def is_off(url: str) -> bool:
    """Say whether an address is switched off."""
    return Receiver.objects.filter(url=url, off_at__isnull=False).exists()


def worked(url: str) -> None:
    """Note that an address answered as it should, which forgives what was before."""
    Receiver.objects.filter(url=url, off_at=None).delete()


def failed(url: str) -> None:
    """Count a failure of an address, and switch it off where there were too many for too long."""
    now = timezone.now()
    receiver, is_new = Receiver.objects.get_or_create(url=url, defaults={"failing_since": now})
    if is_new:
        return
    mine = Receiver.objects.filter(pk=receiver.pk, off_at=None)
    mine.update(failures=F("failures") + 1)
    if mine.filter(failures__gte=MOST_FAILURES, failing_since__lte=now - LONGEST).update(off_at=now):
        logger.warning("The address of a webhook is switched off, since it has failed for long (no. %d)", receiver.pk)


@transaction.atomic
def switch_on(receiver: Receiver) -> bool:
    """Have an address called again, and the calls that wait made; say whether it was off.

    Those of another address that is off go on waiting when their turn comes.
    """
    if not Receiver.objects.filter(pk=receiver.pk, off_at__isnull=False).delete()[0]:
        return False
    waiting = Call.objects.filter(state=Call.State.WAITING, problem=OFF)
    waiting.update(problem="", claimed_until=timezone.now())
    transaction.on_commit(bell.ring_for_outgoing)
    return True


def off_in(automation: Automation) -> list[Receiver]:
    """Return the addresses that are off of those that an automation calls, as it is published or drafted."""
    return off_among([automation]).get(automation.pk, [])


def off_among(automations: Iterable[Automation]) -> dict[int, list[Receiver]]:
    """Return the same of many, by their ids; those that call none that is off are left out."""
    off = {receiver.url: receiver for receiver in Receiver.objects.filter(off_at__isnull=False).order_by("pk")}
    if not off:
        return {}
    flows: dict[int, list[Any]] = {one.pk: [one.draft] for one in automations}
    published = AutomationVersion.objects.filter(automation__in=flows, number=F("automation__version"))
    for pk, flow in published.values_list("automation", "flow"):
        flows[pk].append(flow)
    called = {pk: set(_addresses(some)) for pk, some in flows.items()}
    return {pk: found for pk, urls in called.items() if (found := [off[url] for url in off if url in urls])}


def _addresses(flow: Any) -> list[str]:
    """Find the addresses of webhooks in a flow, which may be a draft with anything in it."""
    if isinstance(flow, list):
        return [url for one in flow for url in _addresses(one)]
    if not isinstance(flow, dict):
        return []
    mine = [flow["url"]] if isinstance(flow.get("url"), str) else []
    return mine + [url for one in flow.values() for url in _addresses(one)]
