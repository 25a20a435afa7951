"""Serve a pretend shop over HTTP/1.1 on 127.0.0.1, with connections that stay open."""

import contextlib
import gc
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any

from integrations.sandbox.shop import Shop
from integrations.sandbox.wire import Answer, Request

_LARGEST_BODY = 4 * 1024 * 1024
_STOPPING = (signal.SIGTERM, signal.SIGINT)


class Server:
    """A shop that is being served."""

    def __init__(self, shop: Shop, port: int) -> None:
        self.shop = shop
        self._http = _Http(shop, port)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)

    @property
    def port(self) -> int:
        """The port, chosen by the system when 0 was asked for."""
        return self._http.server_port

    @property
    def address(self) -> str:
        """Where the shop is, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Begin to answer."""
        self.shop.address = self.address
        self.shop.open()
        self._thread.start()

    def stop(self) -> None:
        """Hang up on everyone, close the shop, and wait for the threads."""
        self._http.shutdown()
        self.shop.close()
        self._http.server_close()
        self._thread.join()


@contextlib.contextmanager
def serve(shop: Shop, port: int = 0) -> Iterator[Server]:
    """Serve a shop from threads of this process while the block runs."""
    server = Server(shop, port)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def serve_forever(shop: Shop, port: int, *, started: Callable[[Server], None] = lambda server: None) -> None:
    """Serve a shop until SIGTERM or SIGINT, from the main thread of a process of its own."""
    gc.freeze()  # the collector would look through every object of a large shop again and again
    with _signals() as signals, serve(shop, port) as server:
        started(server)
        signals.recv(1)


@contextlib.contextmanager
def _signals() -> Iterator[socket.socket]:
    """Turn signals into bytes: a lock could miss one that comes just before it is waited for."""
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    with reader, writer:
        signal.set_wakeup_fd(writer.fileno())
        for number in _STOPPING:
            signal.signal(number, lambda number, frame: None)
        yield reader
        signal.set_wakeup_fd(-1)


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, shop: Shop, port: int) -> None:
        self.shop = shop
        self._open: dict[socket.socket, threading.Thread] = {}
        super().__init__(("127.0.0.1", port), _Handler)

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # without the name look-up of HTTPServer, which may wait for a name server
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        self._open[request] = threading.current_thread()
        super().process_request_thread(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.pop(request, None)
        super().shutdown_request(request)

    def server_close(self) -> None:
        super().server_close()
        for connection, thread in list(self._open.items()):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            thread.join(timeout=1.0)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "sandbox"
    sys_version = ""
    wbufsize = 64 * 1024
    disable_nagle_algorithm = True
    server: _Http

    def _answer(self) -> None:
        body = self._body()
        if body is None:
            self.send_error(400, "Send a Content-Length of at most 4 MB")
        elif answer := self.server.shop.handle(self._request(body)):
            self._write(answer)
        else:
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer

    def _body(self) -> bytes | None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > _LARGEST_BODY or "Transfer-Encoding" in self.headers:
            self.close_connection = True
            return None
        return self.rfile.read(int(length))

    def _request(self, body: bytes) -> Request:
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Request(method=self.command, path=path, query=query, headers=headers, body=body)

    def _write(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet: the shop counts its requests itself."""
