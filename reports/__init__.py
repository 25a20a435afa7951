"""Reports over contacts, recurring payments and automations."""
