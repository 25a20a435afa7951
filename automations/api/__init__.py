"""The API for automations: building and publishing them, who is in them, letting people in; for keys of the account."""
