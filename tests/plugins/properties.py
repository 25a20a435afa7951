"""How property tests run: as many examples as a whole suite can bear, and no clock, since machines differ."""

from hypothesis import settings

settings.register_profile("suite", deadline=None, max_examples=60)
settings.load_profile("suite")
