"""What stores send is shown without its secrets."""

import json

import pytest

from integrations import masking


@pytest.mark.parametrize(
    ("body", "gone", "stays"),
    [
        ({"client_secret": "pi_1_secret_xyz"}, "pi_1_secret_xyz", "client_secret"),
        ({"data": [{"apiKey": "abc123abc123"}]}, "abc123abc123", "apiKey"),
        ({"headers": {"Authorization": "Basic dXNlcjpwYXNz"}}, "dXNlcjpwYXNz", "Authorization"),
        ({"card": {"number": "4242424242424242", "cvc": "987"}}, "42424242424", "•••• 4242"),
        ({"card": {"cvc": "987"}}, "987", "cvc"),
        ({"sepa": {"iban": "DE89370400440532013000"}}, "37040044", "•••• 3000"),
        ({"bank": {"account_number": 12345678901}}, "1234567", "•••• 8901"),
        ({"meta_data": [{"key": "_stripe_card_token", "value": "tok_abcdef"}]}, "tok_abcdef", "_stripe_card_token"),
        ({"token": {"of": ["deep-one", 42424]}}, "deep-one", "token"),
        ({"note": "my key is sk_live_1234567890 ok"}, "sk_live_1234567890", "my key is"),
        ({"note": "Bearer abc.def-ghi"}, "abc.def-ghi", "note"),
        ({"note": "our rit_12345678_Ab-cdefgh-ijkl ok"}, "cdefgh-ijkl", "our"),
        ({"note": "whsec_MfKQ9r8G+KYqwTwj/UPD1Fringilla= ok"}, "Fringilla", "ok"),
    ],
)
def test_secrets_are_covered_wherever_they_stand(body: object, gone: str, stays: str) -> None:
    shown = masking.readable(json.dumps(body))
    assert gone not in shown
    assert stays in shown


def test_everything_else_stays_as_it_is() -> None:
    body = {"number": "INV-1", "id": "sub_1", "last4": "4242", "amount": 490, "idempotency_key": "x", "token": None}
    assert json.loads(masking.readable(json.dumps(body))) == body


def test_what_is_no_json_is_covered_as_text() -> None:
    assert masking.readable("webhook_id=7&secret=hush&a=b") == f"webhook_id=7&secret={masking.COVER}&a=b"
