"""What a WooCommerce shop and its host do wrong on purpose, beside what any pretend shop can."""

from dataclasses import dataclass, field

from integrations.sandbox.faults import Faults


@dataclass(kw_only=True)
class WooFaults(Faults):
    """Set any field at any time; see Faults for what chances mean."""

    answer_maintenance: float = 0
    """Requests: a chance of the page that WordPress shows while it updates itself, with status 503."""
    strips_authorization: bool = False
    """Requests: whether the host takes the Authorization header away, so that only query parameters let anybody in."""
    strips_headers: list[str] = field(default_factory=list)
    """Requests: headers of lists that the host takes away, such as X-WP-Total, X-WP-TotalPages and Link."""
    row_milliseconds: float = 0
    """Requests: how long the shop takes for each subscription or order of an answer; a real one took about 23."""
    unreadable: list[str] = field(default_factory=list)
    """Requests: ids that are left out of a page silently, though the totals count them."""
    plugin: str = "7.2.0"
    """The version of Woo Subscriptions; none is "", and before 3.1 there is no subscription in this API."""

    updates_per_change: int = 1
    """Deliveries: how many near-identical updates tell of each change; two to four are normal."""
    empty_line_items: float = 0
    """Deliveries: a chance that `line_items` arrives empty."""
    failures_allowed: int = 5
    """Deliveries: failures in a row that a webhook survives; Woo counts one more, and disables it at the next."""
