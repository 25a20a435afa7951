"""What happens to people, told inside the transaction in which it does: whoever keeps it keeps it together with it.

Files that are imported and history tell nothing: what they say has happened before.
"""

from django.dispatch import Signal

# with `contacts`, the ids of those to whom it is new, and `tag`, its id
people_tagged = Signal()
# with `contacts`, the ids of those who are subscribed just now, and `contact_list`, its id
people_subscribed = Signal()
