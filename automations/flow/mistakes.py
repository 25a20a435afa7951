"""What is wrong with a flow, each with its path, in the user's words."""

from subscriptions.segments.mistakes import Unreadable


class FlowError(Unreadable):
    """A flow that cannot be read."""
