"""What stores send, made fit to be shown: secrets are covered, and of card and bank numbers the last four stay."""

import json
import re
from typing import Any

COVER = "••••••••"
# Names of keys, as snake case. One counts wherever it stands, alone or as the end of a longer name.
_SECRETS = ("secret", "token", "password", "passwd", "api_key", "apikey", "private_key", "authorization",
            "consumer_key", "secret_key", "access_key", "signature", "cookie", "cvc", "cvv", "cvc2", "cvv2",
            "security_code", "pin", "otp", "fingerprint")  # fmt: skip
_NUMBERS = ("card_number", "iban", "bban", "account_number", "accountnumber", "routing_number", "sort_code", "pan",
            "bsb_number", "tax_id", "ssn", "transit_number")  # fmt: skip
# What a bare "number" means depends on what it is within.
_CARDS = ("card", "credit_card", "debit_card", "bank_account", "source", "payment_source")
# Secrets by their own look, under whatever name and within whatever text.
_LOOKS = re.compile(
    r"\b(?:sk|rk|pk|whsec|ck|cs|rit)_[\w+/=-]{8,}"
    r"|\bBearer\s+[\w.~+/=-]+|\bBasic\s+[A-Za-z0-9+/=]{8,}|\beyJ[\w-]+\.[\w-]+\.[\w-]+"
)
_PAIR = re.compile(r"([\w-]+)([\"']?\s*[:=]\s*[\"']?)([^\s&\"',}]+)")
_IN_WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z0-9]+(?![a-z])")


def readable(body: str) -> str:
    """Write a body with indents and covered secrets; one that is no JSON is covered as text."""
    try:
        return json.dumps(masked(json.loads(body)), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return _PAIR.sub(_covered_pair, text(body))


def text(words: str) -> str:
    """Cover what looks like a secret within a text."""
    return _LOOKS.sub(COVER, words)


def masked(value: Any, within: str = "") -> Any:
    """Return plain data with its secrets covered; `within` is the name of what the value stands in."""
    if isinstance(value, dict):
        return {key: _masked_entry(str(key), one, value, within) for key, one in value.items()}
    if isinstance(value, list):
        return [masked(one, within) for one in value]
    return text(value) if isinstance(value, str) else value


def _masked_entry(key: str, value: Any, entry: dict[str, Any], within: str) -> Any:
    # WooCommerce tells its metadata as {"key": "_card_token", "value": "..."}.
    told = entry.get("key", entry.get("name")) if key in ("value", "display_value") else key
    name = _snake(told if isinstance(told, str) else key)
    cover = _cover(name, within)
    return _everywhere(value, cover) if cover else masked(value, name)


def _cover(name: str, within: str) -> Any:
    if _is_named(name, _SECRETS):
        return _whole
    if _is_named(name, _NUMBERS) or (name == "number" and _is_named(within, _CARDS)):
        return _but_four
    return None


def _is_named(name: str, table: tuple[str, ...]) -> bool:
    return any(name == one or name.endswith(f"_{one}") for one in table)


def _snake(name: str) -> str:
    return "_".join(_IN_WORDS.findall(name)).lower()


def _everywhere(value: Any, cover: Any) -> Any:
    if isinstance(value, dict):
        return {key: _everywhere(one, cover) for key, one in value.items()}
    if isinstance(value, list):
        return [_everywhere(one, cover) for one in value]
    return value if value is None or isinstance(value, bool) else cover(str(value))


def _whole(value: str) -> str:
    return COVER if value else value


def _but_four(value: str) -> str:
    return f"•••• {value[-4:]}" if len(value) > 6 else _whole(value)


def _covered_pair(found: re.Match[str]) -> str:
    name, between, value = found.groups()
    cover = _cover(_snake(name), "")
    return f"{name}{between}{cover(value) if cover else value}"
