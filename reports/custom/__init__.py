"""Custom reports: what somebody wants to count, by what, of which records; read strictly, asked in one way.

`reading.read` makes a `Definition` of JSON, `asking.run` answers it, `behind.records` finds the records behind a
number, `sentences.sentence` says it in words, `description.description` tells what can be chosen.
"""
