"""Passwords that somebody else has chosen for a member: they open nothing but the page where the member chooses one."""
