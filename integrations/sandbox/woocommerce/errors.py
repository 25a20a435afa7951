"""What WordPress answers when it refuses: one exception, and its JSON."""

from typing import Any

from integrations.sandbox.wire import Answer, json_answer

JSON = "application/json; charset=UTF-8"


class WooError(ValueError):
    """A refused request; `data` is what goes beside the status."""

    def __init__(self, status: int, code: str, message: str, **data: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"code": code, "message": message, "data": {"status": status, **data}}

    def answer(self) -> Answer:
        """Write the error as WordPress does."""
        plain = json_answer(self.body, status=self.status)
        return Answer(status=plain.status, body=plain.body, content_type=JSON)


def no_route() -> WooError:
    """Refuse a path or method that nobody answers."""
    return WooError(404, "rest_no_route", "No route was found matching the URL and request method.")


def unauthenticated(message: str) -> WooError:
    """Refuse credentials that are wrong, or that do not reach far enough."""
    return WooError(401, "woocommerce_rest_authentication_error", message)


def forbidden(deed: str, *, is_known: bool) -> WooError:
    """Refuse a deed: 401 to nobody, 403 to somebody who may not do it."""
    code, message = _DEEDS[deed]
    return WooError(403 if is_known else 401, f"woocommerce_rest_cannot_{code}", message)


def unknown(kind: str) -> WooError:
    """Refuse an id that is not there."""
    code, message = _UNKNOWN.get(kind, (f"{kind}_invalid_id", "Invalid ID."))
    return WooError(404, f"woocommerce_rest_{code}", message)


def wrong(name: str, message: str, code: str = "rest_invalid_type") -> WooError:
    """Refuse the value of a parameter."""
    detail = {"code": code, "message": message, "data": None}
    return WooError(
        400, "rest_invalid_param", f"Invalid parameter(s): {name}", params={name: message}, details={name: detail}
    )


def lacking(*names: str) -> WooError:
    """Refuse a request without parameters that it needs."""
    return WooError(400, "rest_missing_callback_param", f"Missing parameter(s): {', '.join(names)}", params=list(names))


def critical() -> WooError:
    """Say what WordPress says when PHP fails."""
    message = "<p>There has been a critical error on this website.</p>"
    return WooError(500, "internal_server_error", message)


_DEEDS = {
    "list": ("view", "Sorry, you cannot list resources."),
    "view": ("view", "Sorry, you cannot view this resource."),
    "create": ("create", "Sorry, you are not allowed to create resources."),
    "edit": ("edit", "Sorry, you are not allowed to edit this resource."),
    "delete": ("delete", "Sorry, you are not allowed to delete this resource."),
}
_UNKNOWN = {
    "subscription": ("shop_subscription_invalid_id", "Invalid ID."),
    "order": ("shop_order_invalid_id", "Invalid ID."),
    "variation": ("product_variation_invalid_id", "Invalid ID."),
    "customer": ("invalid_id", "Invalid resource ID."),
    "webhook": ("shop_webhook_invalid_id", "Invalid ID."),
}
