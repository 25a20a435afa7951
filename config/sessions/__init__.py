"""Sessions that know whose they are, so that they can be ended, and that end by themselves."""
