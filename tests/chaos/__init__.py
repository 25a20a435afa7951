"""`make chaos`: break the real processes on purpose while they work, and have an auditor look what became of it."""
