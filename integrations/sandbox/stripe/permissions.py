"""What a restricted key may be denied, by Stripe's names."""

_NAMES = {
    "account": "accounts_kyc_basic",
    "price": "plan",
    "webhook_endpoint": "webhook",
}


def permission(kind: str, *, write: bool = False) -> str:
    """Name the permission that reading or changing a kind of object takes."""
    return f"rak_{_NAMES.get(kind, kind)}_{'write' if write else 'read'}"
