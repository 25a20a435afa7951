"""Whoever comes to the API without a good key is limited by address.

Good keys are not asked about that, wherever they come from: a key cannot be found by trying, so what is limited here is
only the work that strangers make.
"""

from rest_framework.request import Request

from config.limits import addresses, allowances

# Twenty wrong or missing keys at once from one address, then one every three seconds.
STRANGERS = allowances.Limit(name="strangers at the API", burst=20, seconds=60)


def wait_of_stranger(request: Request) -> float:
    """Count a request without a good key; return 0.0, or the seconds that whoever sent it must wait."""
    return allowances.take(STRANGERS, addresses.of(request._request))
