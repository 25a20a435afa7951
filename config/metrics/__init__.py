"""Metrics in Prometheus' text format: what processes count, and what the database says when it is asked.

No label holds anything of a person or a secret, and each has few values: routes by name, tasks, kinds of stores.
"""
