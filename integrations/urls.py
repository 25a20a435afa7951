"""Addresses that stores call."""

urlpatterns: list = []
