"""A pretend store of one's own: it has no API that we ask, and writes to ours by itself."""

from integrations.sandbox.api_store.shop import ApiStore

__all__ = ["ApiStore"]
