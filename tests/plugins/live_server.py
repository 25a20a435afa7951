"""The server of the tests answers at once: no small packet waits for the receipt of another, which takes 40 ms."""

from django.core.servers.basehttp import WSGIRequestHandler

WSGIRequestHandler.disable_nagle_algorithm = True
