"""The pretend PayPal account, over real HTTP."""
