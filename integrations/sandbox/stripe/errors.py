"""What Stripe answers when it refuses: one exception, and its JSON."""

from integrations.sandbox.wire import Answer, json_answer


class StripeError(Exception):
    """A refused request; `status` is the HTTP status, `param` the parameter at fault."""

    def __init__(
        self, status: int, message: str, *, code: str = "", param: str = "", type_: str = "invalid_request_error"
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"type": type_, "code": code, "message": message, "param": param}

    def answer(self) -> Answer:
        """Write the error as Stripe does."""
        return json_answer({"error": {name: value for name, value in self.body.items() if value}}, status=self.status)


def missing(kind: str, identity: str, param: str = "id") -> StripeError:
    """Refuse an id that is not there."""
    message = f"No such {_SPOKEN.get(kind, kind)}: '{identity}'"
    return StripeError(404 if param == "id" else 400, message, code="resource_missing", param=param)


def unknown_parameter(name: str) -> StripeError:
    """Refuse a parameter that the endpoint does not have."""
    return StripeError(400, f"Received unknown parameter: {name}", code="parameter_unknown", param=name)


def wrong_integer(name: str, value: object) -> StripeError:
    """Refuse what is not a whole number."""
    return StripeError(400, f"Invalid integer: {value}", code="parameter_invalid_integer", param=name)


def lacking(permission: str, key: str, account: str) -> StripeError:
    """Refuse a restricted key that may not do this."""
    shown = f"{key[:8]}{'*' * 20}{key[-4:]}"
    return StripeError(
        403,
        f"The provided key '{shown}' does not have the required permissions for this endpoint on account '{account}'."
        f" Having the '{permission}' permission would allow this request to continue.",
    )


_SPOKEN = {"payment_method": "PaymentMethod", "webhook_endpoint": "webhook endpoint"}
_PLAIN = {
    401: ("Invalid API Key provided.", "", "invalid_request_error"),
    404: ("Unrecognized request URL. Please check the path and the method of your request.", "", ""),
    429: ("Request rate limit exceeded. Slow down and try again later.", "rate_limit", ""),
    500: ("An unknown error occurred. Please try again later.", "", "api_error"),
}


def plain(status: int) -> StripeError:
    """Make the error that needs no details: 401, 404, 429 or 500."""
    message, code, type_ = _PLAIN[status]
    return StripeError(status, message, code=code, type_=type_ or "invalid_request_error")
