"""What PayPal answers when it refuses: one exception, and its JSON."""

from collections.abc import Sequence
from typing import Any

from integrations.sandbox.wire import Answer, json_answer

_GUIDE = "https://developer.paypal.com/api/rest/responses/#"

_USUAL = {
    400: ("INVALID_REQUEST", "Request is not well-formed, syntactically incorrect, or violates schema."),
    401: (
        "AUTHENTICATION_FAILURE",
        "Authentication failed due to invalid authentication credentials or a missing Authorization header.",
    ),
    403: ("NOT_AUTHORIZED", "Authorization failed due to insufficient permissions."),
    404: ("RESOURCE_NOT_FOUND", "The specified resource does not exist."),
    422: (
        "UNPROCESSABLE_ENTITY",
        "The requested action could not be performed, semantically incorrect, or failed business validation.",
    ),
    429: ("RATE_LIMIT_REACHED", "Too many requests. Blocked due to rate limiting."),
    500: ("INTERNAL_SERVER_ERROR", "An internal server error occurred."),
}


class PayPalError(Exception):
    """A refused request; `details` say what is wrong with it."""

    def __init__(
        self, status: int, *, details: Sequence[dict[str, Any]] = (), name: str = "", message: str = ""
    ) -> None:
        usual_name, usual_message = _USUAL[status]
        super().__init__(message or usual_message)
        self.status = status
        self.name, self.message = name or usual_name, message or usual_message
        self.details = list(details)

    def answer(self, debug_id: str) -> Answer:
        """Write the error as PayPal does."""
        body: dict[str, Any] = {"name": self.name, "message": self.message, "debug_id": debug_id}
        if self.details:
            body["details"] = self.details
        body["links"] = [{"href": f"{_GUIDE}{self.name}", "rel": "information_link", "method": "GET"}]
        return json_answer(body, status=self.status)


class TokenError(Exception):
    """A refused token, or a refusal to give one."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(description)
        self.status, self.error, self.description = status, error, description

    def answer(self, debug_id: str) -> Answer:
        """Write the error as OAuth does."""
        return json_answer({"error": self.error, "error_description": self.description}, status=self.status)


def missing(identity: str) -> PayPalError:
    """Refuse an id that is not there."""
    issue = {"issue": "INVALID_RESOURCE_ID", "description": "Requested resource ID was not found."}
    return PayPalError(404, details=[issue])


def missing_notification(identity: str) -> PayPalError:
    """Refuse an id that is not there among the notifications, which have words of their own."""
    return PayPalError(404, name="INVALID_RESOURCE_ID", message=f"Resource id {identity} is invalid.")


def forbidden() -> PayPalError:
    """Refuse what the account may not do."""
    description = "You do not have permission to access or perform operations on this resource."
    return PayPalError(403, details=[{"issue": "PERMISSION_DENIED", "description": description}])


def lacking(field: str, location: str = "query") -> PayPalError:
    """Refuse a request without something that it needs."""
    description = "A required field is missing."
    return _invalid(field, "", location, "MISSING_REQUIRED_PARAMETER", description)


def wrong(field: str, value: object, location: str = "query") -> PayPalError:
    """Refuse a value that does not fit its parameter."""
    description = "The value of a field does not conform to the expected format or is not allowed."
    return _invalid(field, str(value), location, "INVALID_PARAMETER_VALUE", description)


def malformed() -> PayPalError:
    """Refuse a body that is no JSON of the expected kind."""
    issue = {
        "location": "body",
        "issue": "MALFORMED_REQUEST_JSON",
        "description": "The request JSON is not well formed.",
    }
    return PayPalError(400, details=[issue])


def wrong_status(action: str, wanted: str) -> PayPalError:
    """Refuse an action that the subscription's status does not allow."""
    description = f"Invalid subscription status for {action} action; subscription status should be {wanted}."
    return PayPalError(422, details=[{"issue": "SUBSCRIPTION_STATUS_INVALID", "description": description}])


def invalid_webhook(name: str, message: str, field: str = "") -> PayPalError:
    """Refuse a webhook."""
    details = [{"field": field, "location": "body", "issue": message}] if field else []
    return PayPalError(400, name=name, message=message, details=details)


def _invalid(field: str, value: str, location: str, issue: str, description: str) -> PayPalError:
    pointer = f"/{field}" if location == "body" else field
    told = {"field": pointer, "value": value, "location": location, "issue": issue, "description": description}
    return PayPalError(400, details=[told])
