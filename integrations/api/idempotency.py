"""`Idempotency-Key`: a store that did not hear our answer asks again, and gets the first one.

The name is taken by a row that only one request can insert. The answer is written in the transaction of what it tells,
so that either both are there or neither; a process that dies in between leaves a claim that runs out. A request that
was refused has written nothing and leaves nothing: it may be mended and sent again under its name.
"""

import json
import secrets
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from http import HTTPStatus

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from config.api.refusals import Refused
from integrations.api.access import key_of
from integrations.models import IdempotentAnswer

KEPT = timedelta(hours=24)
CLAIM = timedelta(minutes=2)
LONGEST = 255


def once(request: Request, perform: Callable[[], Response]) -> Response:
    """Do what a request asks, or give the answer that was given to its name within the last day.

    Raise Refused with 409 while the first request is being worked on, with 422 if the name came with another request,
    with 400 for a name that is none. Without a name the request is simply done.
    """
    name = request.headers.get("Idempotency-Key")
    if name is None:
        return perform()
    if not (0 < len(name) <= LONGEST and name.isascii() and name.isprintable()):
        detail = f"The Idempotency-Key must have 1 to {LONGEST} printable ASCII characters."
        raise Refused(HTTPStatus.BAD_REQUEST, detail, {"Idempotency-Key": "is not valid"})
    row, is_ours = _taken(request, name)
    return _performed(row, perform) if is_ours else _repeated(row)


def sweep() -> int:
    """Forget the answers whose day is over; return how many there were."""
    return IdempotentAnswer.objects.filter(expires_at__lte=timezone.now()).delete()[0]


def _taken(request: Request, name: str) -> tuple[IdempotentAnswer, bool]:
    """Take a name, and tell whether it is ours now; raise Refused if it belongs to another request."""
    now, claim, fingerprint = timezone.now(), secrets.token_hex(16), _fingerprint(request)
    rows = IdempotentAnswer.objects.filter(key=key_of(request), name=name)
    rows.filter(expires_at__lte=now).delete()
    mine = IdempotentAnswer(
        key=key_of(request),
        name=name,
        fingerprint=fingerprint,
        claim=claim,
        claimed_until=now + CLAIM,
        expires_at=now + KEPT,
    )
    IdempotentAnswer.objects.bulk_create([mine], ignore_conflicts=True)
    row = rows.first()
    if row is None:
        raise _busy()
    if row.claim == claim:
        return row, True
    if row.fingerprint != fingerprint:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "This Idempotency-Key came with another request before.")
    return row, row.status is None and _is_inherited(row, claim)


def _is_inherited(row: IdempotentAnswer, claim: str) -> bool:
    """Take over from a process that died; raise Refused while it may still live."""
    now = timezone.now()
    left = IdempotentAnswer.objects.filter(pk=row.pk, claim=row.claim, status=None, claimed_until__lte=now)
    if not left.update(claim=claim, claimed_until=now + CLAIM):
        raise _busy()
    row.claim = claim
    return True


def _performed(row: IdempotentAnswer, perform: Callable[[], Response]) -> Response:
    ours = IdempotentAnswer.objects.filter(pk=row.pk, claim=row.claim)
    try:
        with transaction.atomic():
            answer = perform()
            _remember(ours, answer)
    except BaseException:
        ours.filter(status=None).delete()
        raise
    return answer


def _remember(ours: QuerySet[IdempotentAnswer], answer: Response) -> None:
    body = "" if answer.data is None else json.dumps(answer.data, cls=JSONEncoder)
    headers = {name: answer[name] for name in ("Location",) if name in answer}
    if not ours.update(status=answer.status_code, body=body, headers=headers):
        raise _busy()


def _repeated(row: IdempotentAnswer) -> Response:
    data = json.loads(row.body) if row.body else None
    return Response(data, status=row.status, headers=row.headers | {"Idempotency-Replayed": "true"})


def _busy() -> Refused:
    return Refused(HTTPStatus.CONFLICT, "The first request with this Idempotency-Key is still being worked on.")


def _fingerprint(request: Request) -> str:
    body = getattr(request, "body_digest", "")
    return sha256(f"{request.method} {request.get_full_path()} {body}".encode()).hexdigest()
