"""A worker's own port for metrics, where no web server of its host can show them.

It shows what is counted only: what the database says is the same everywhere, and a worker's first process must not
have the database open.
"""

import logging
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from django.conf import settings
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from config.metrics import page

logger = logging.getLogger(__name__)


def serve() -> None:
    """Answer on METRICS_PORT from now on, in a thread; where another worker of this host has it, leave it there."""
    if not (settings.METRICS_TOKEN and settings.METRICS_PORT):
        return
    try:
        server = ThreadingHTTPServer((settings.METRICS_HOST, settings.METRICS_PORT), _Handler)
    except OSError as error:
        logger.warning("Metrics are not shown on port %s: %s", settings.METRICS_PORT, error.strerror)
        return
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    timeout = 10

    def do_GET(self) -> None:
        """Answer /metrics, to whoever has the token."""
        allowed = page.is_allowed(self.headers.get("Authorization", ""))
        status = 404 if self.path != "/metrics" else 200 if allowed else 401
        body = page.text() if status == 200 else b""
        self.send_response(status)
        self.send_header("Content-Type", CONTENT_TYPE_PLAIN_0_0_4)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of each request."""
