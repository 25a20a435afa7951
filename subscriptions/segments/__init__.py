"""Segments: which people, said as a tree of conditions; read strictly, compiled to one query, and said in words.

`reading.read` makes a tree of plain data, `compiler` turns it into a condition of the database, `sentences` into
words, `why` says of one person which conditions hold. Nothing evaluates a condition in any other way.
"""
