"""Automations in the browser: the list, one automation with its flow, people and versions, and what is done to it."""
