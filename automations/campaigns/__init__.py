"""Campaigns: what is done to them, which automations send them, and those that a flow brings along."""
