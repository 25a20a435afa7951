"""Commands of automations."""
