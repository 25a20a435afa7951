"""The audit log: who did what, when and from where; every app may write to it, and nobody can change it."""
