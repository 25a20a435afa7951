"""A member's own account: two-factor sign-in, and the sessions that are open elsewhere."""
