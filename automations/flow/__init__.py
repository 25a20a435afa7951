"""The flow of an automation as people write it: what it is made of, how it is read, and how it is said."""
