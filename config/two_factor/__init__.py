"""Two-factor sign-in: a code of an authenticator app, or one that was kept for when the app is lost."""
