"""The pages of campaigns: the list, writing one, what is done to it, and the sender whom all have."""

from automations.pages.campaigns import acts, listing, results, sender, sending, writing

__all__ = ["acts", "listing", "results", "sender", "sending", "writing"]
