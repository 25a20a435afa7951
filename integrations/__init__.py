"""Connected apps: connections to stores, their webhooks, their history and what each provider can do."""
