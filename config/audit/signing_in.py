"""Signing in, failing to, and signing out, as Django tells of them."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from config.audit.log import record


def listen() -> None:
    """Have every sign-in, failed sign-in and sign-out recorded."""
    user_logged_in.connect(_signed_in, dispatch_uid="config.audit.signed_in")
    user_login_failed.connect(_failed, dispatch_uid="config.audit.failed")
    user_logged_out.connect(_signed_out, dispatch_uid="config.audit.signed_out")


def _signed_in(*, request: Any, user: Any, **_: Any) -> None:
    record("signed_in", about=user, request=request)


def _failed(*, credentials: dict[str, Any], request: Any = None, **_: Any) -> None:
    """Record whose name was tried; one that nobody has is left out, for it may be a password in the wrong place."""
    model = get_user_model()
    name = str(credentials.get(model.USERNAME_FIELD, ""))
    person = None if "\0" in name else model._default_manager.filter(**{model.USERNAME_FIELD: name}).first()
    record("sign_in_failed", about=person, request=request)


def _signed_out(*, request: Any, user: Any, **_: Any) -> None:
    if user is not None:
        record("signed_out", about=user, request=request)
