"""Why something that is kept, such as an automation or a campaign, is not written; nothing was written then."""


class Stale(Exception):
    """Somebody else has saved it since it was opened."""


class InUse(Exception):
    """It is not deleted or put away while something else needs it; the message says what."""


class NameTaken(Exception):
    """There is one of that name."""
