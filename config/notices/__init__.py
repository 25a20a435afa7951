"""E-mails to members when something about their sign-in has changed."""
