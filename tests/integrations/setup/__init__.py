"""Setting a store up, step by step."""
