"""How property tests run: as many examples as a whole suite can bear, and no clock, since machines differ.

`make fuzz` asks for more of them by EXAMPLES.
"""

import os

from hypothesis import settings

settings.register_profile("suite", deadline=None, max_examples=int(os.environ.get("EXAMPLES") or 60))
settings.load_profile("suite")
