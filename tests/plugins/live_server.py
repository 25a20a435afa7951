"""The server of the tests answers at once: no small packet waits for the receipt of another, which takes 40 ms.

It has a thread for each connection of the browser. One that kept the database open after its answer would have it open
where a test makes another process of this one, which an SQLite file does not bear (tests/automations/forks.py).
"""

from django.core.servers.basehttp import WSGIRequestHandler
from django.db import connections

WSGIRequestHandler.disable_nagle_algorithm = True
connections.settings["default"]["CONN_MAX_AGE"] = 0
