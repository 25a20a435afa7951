"""What every API of ours has in common: its base view, its refusals, its pages, and how it describes itself."""
