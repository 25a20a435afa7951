"""Recurring payments: the field catalogue, the only writer, the change log and the field order."""
