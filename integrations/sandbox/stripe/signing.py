"""Sign webhook bodies as Stripe does."""

import hmac
import time
from collections.abc import Sequence
from hashlib import sha256

Headers = dict[str, str]


def headers_for(body: bytes, secrets: Sequence[str], at: int | None = None) -> Headers:
    """Make the headers of a delivery: one v1 a secret, over the time in machine seconds and the raw body."""
    moment = int(time.time()) if at is None else at
    signatures = (f"v1={_v1(body, secret, moment)}" for secret in secrets)
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        "Stripe-Signature": ",".join((f"t={moment}", *signatures)),
    }


def _v1(body: bytes, secret: str, moment: int) -> str:
    return hmac.new(secret.encode(), b"%d." % moment + body, sha256).hexdigest()
