"""Who may do what with what stores send."""

from typing import Any

VIEW_EVENTS = "integrations.view_delivery"
RETRY = "integrations.retry_delivery"


def may_retry(user: Any) -> bool:
    """Whether somebody may put events back into the inbox."""
    return bool(user.has_perm(RETRY))
