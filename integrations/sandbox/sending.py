"""POST to web addresses over connections that stay open."""

import threading
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import SplitResult, urlsplit

Headers = dict[str, str]
_CONNECTIONS = {"http": HTTPConnection, "https": HTTPSConnection}


class Sender:
    """Send bodies, each thread over connections of its own; redirects are not followed."""

    def __init__(self, *, timeout: float = 10.0) -> None:
        self.timeout = timeout
        self._open = threading.local()

    def post(self, url: str, body: bytes, headers: Headers) -> tuple[int, str]:
        """Send a body; return the status, and "" or the error with status 0 when no answer came."""
        try:
            return self._post(urlsplit(url), body, headers), ""
        except (OSError, HTTPException, ValueError) as error:
            return 0, f"{type(error).__name__}: {error}"

    def close(self) -> None:
        """Close this thread's connections."""
        for connection in vars(self._open).get("connections", {}).values():
            connection.close()

    def _post(self, url: SplitResult, body: bytes, headers: Headers) -> int:
        connection = self._connection(url)
        was_open = connection.sock is not None
        try:
            return _exchange(connection, url, body, headers)
        except (ConnectionError, HTTPException):
            connection.close()
            if not was_open:  # an old connection may have been closed by the other side: one more try on a new one
                raise
            return _exchange(connection, url, body, headers)
        except OSError:
            connection.close()
            raise

    def _connection(self, url: SplitResult) -> HTTPConnection:
        if url.scheme not in _CONNECTIONS or not url.hostname:
            raise ValueError("not a web address")
        kept: dict[tuple[str, str], HTTPConnection] = vars(self._open).setdefault("connections", {})
        key = (url.scheme, url.netloc)
        if key not in kept:
            kept[key] = _CONNECTIONS[url.scheme](url.hostname, url.port, timeout=self.timeout)
        return kept[key]


def _exchange(connection: HTTPConnection, url: SplitResult, body: bytes, headers: Headers) -> int:
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    connection.request("POST", target, body, headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status
