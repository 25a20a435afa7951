"""People: who they are, how to reach them, and the tags a marketer gave them."""
