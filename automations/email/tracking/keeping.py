"""Hits on their way to the database: taken in by the web, drained a moment later by a thread of it, or by a worker."""

import logging
import os
import threading

from django.db import Error, connection

from automations.email.tracking.hits import AT_ONCE, CLICKED, OPENED, Hit
from automations.email.tracking.spool import Spool
from automations.models import Engagement, Message

logger = logging.getLogger(__name__)
PAUSE = 1.0
_spool = Spool()
_drainer = 0


def take(hit: Hit) -> None:
    """Keep a hit before it is answered: in the spool or, where the disk takes nothing, in the database at once."""
    try:
        _spool.write(hit)
    except OSError:
        logger.exception("A hit cannot be written to the spool")
        keep([hit])
    _start()


def drain() -> int:
    """Write to the database what lies in the spool, of this process and of those that died; return how much."""
    _spool.turn()
    return _spool.drain(keep)


def keep(hits: list[Hit]) -> None:
    """Write hits to the database, each once, but for those of messages that are gone or of people not measured."""
    numbers = {hit.message for hit in hits}
    rows = Message.objects.filter(number__in=numbers, contact__is_measured=True)
    known = {number: (pk, sent) for number, pk, sent in rows.values_list("number", "pk", "finished_at")}
    Engagement.objects.bulk_create(
        (
            Engagement(
                message_id=known[hit.message][0],
                kind=hit.kind,
                at=hit.moment,
                target=hit.target,
                hit=hit.number,
                is_machine=hit.is_machine or _is_too_soon(hit, known[hit.message][1]),
            )
            for hit in hits
            if hit.message in known and hit.kind in {OPENED, CLICKED}
        ),
        ignore_conflicts=True,
    )


def _is_too_soon(hit: Hit, sent: object) -> bool:
    return sent is not None and hit.moment - sent < AT_ONCE  # type: ignore[operator]


def _start() -> None:
    """Have a thread of this process drain, once it has taken something."""
    global _drainer
    if _drainer != os.getpid():
        _drainer = os.getpid()
        threading.Thread(target=_go_on, name="hits", daemon=True).start()


def _go_on() -> None:
    pause = threading.Event()
    while True:
        pause.wait(PAUSE)
        try:
            drain()
        except Error:
            logger.warning("The database takes no hits just now; they stay in the spool", exc_info=True)
        except Exception:
            logger.exception("Hits cannot be drained just now; they stay in the spool")
        finally:
            connection.close()
