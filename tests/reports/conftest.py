"""What tests of reports share with those of recurring payments."""

from tests.subscriptions.conftest import admin, other_store, store

__all__ = ["admin", "other_store", "store"]
