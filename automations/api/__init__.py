"""The API for automations: what they are, who is in them, and letting somebody in."""
