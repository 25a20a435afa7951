"""API versions, as far as their objects differ in what the sandbox has."""

import re
from enum import IntEnum

from integrations.sandbox.stripe.errors import StripeError

NEWEST = "2026-10-28.endive"


class Era(IntEnum):
    """A span of API versions with the same shapes."""

    CLASSIC = 0
    """Period and single discount on the subscription; `invoice.subscription`, `invoice.tax`, `invoice.charge`."""
    BASIL = 1
    """Since 2025-03-31: periods on the items, a list of discounts, `invoice.parent`, `total_taxes`."""
    CLOVER = 2
    """Since 2025-09-30: a discount names its coupon in `source`."""


_SINCE = (("2025-09-30", Era.CLOVER), ("2025-03-31", Era.BASIL), ("2011-01-01", Era.CLASSIC))
_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(\.[a-z]+)?")


def era_of(version: str) -> Era:
    """Find the era of an API version. Raises StripeError for what is none."""
    if not _VERSION.fullmatch(version) or version < _SINCE[-1][0]:
        raise StripeError(400, f"Invalid Stripe API version: {version}")
    return next(era for since, era in _SINCE if version[:10] >= since)
