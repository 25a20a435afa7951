"""Money as PayPal writes it: amounts are whole numbers of the smallest unit here, and decimal strings there."""

from typing import Any

_NONE_BEHIND = frozenset({"JPY", "HUF", "TWD"})


def decimals(currency: str) -> int:
    """Count the digits behind the point."""
    return 0 if currency in _NONE_BEHIND else 2


def exact(amount: int, currency: str) -> str:
    """Write an amount with all the digits of its currency."""
    places = decimals(currency)
    return f"{amount / 10**places:.{places}f}"


def short(amount: int, currency: str) -> str:
    """Write an amount as subscriptions have it: 10.0 for ten, 10.25 for a quarter more."""
    text = exact(amount, currency)
    return text[:-1] if text.endswith("0") and "." in text else text


def money(amount: int, currency: str) -> dict[str, str]:
    """Write money as orders, plans and transactions have it."""
    return {"currency_code": currency, "value": exact(amount, currency)}


def short_money(amount: int, currency: str) -> dict[str, str]:
    """Write money as subscriptions have it."""
    return {"currency_code": currency, "value": short(amount, currency)}


def classic_money(amount: int, currency: str, **parts: int) -> dict[str, Any]:
    """Write money as sales have it, with the parts that are not nothing."""
    details = {name: exact(part, currency) for name, part in parts.items() if part}
    return {"total": exact(amount, currency), "currency": currency} | ({"details": details} if details else {})


def old_value(amount: int, currency: str) -> dict[str, str]:
    """Write money as the fees of sales have it."""
    return {"value": exact(amount, currency), "currency": currency}
