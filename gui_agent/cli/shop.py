"""The shop of the demo: a loopback server that keeps every order it really received."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from threading import Thread
from types import TracebackType
from typing import Any, Self

_LARGEST = 65_536


@dataclass(frozen=True, slots=True)
class Order:
    items: tuple[str, ...]
    email: str
    delivery: str
    gift: bool


class Shop:
    """Used with `with`: serves the page at `url` on 127.0.0.1 and collects `orders`."""

    def __init__(self) -> None:
        self.orders: list[Order] = []
        page = files("gui_agent.cli").joinpath("demo", "shop.html").read_bytes()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Visit, page, self.orders))
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Visit(BaseHTTPRequestHandler):
    def __init__(self, page: bytes, orders: list[Order], *args: Any) -> None:
        self.page, self.orders = page, orders
        super().__init__(*args)

    def do_GET(self) -> None:
        if self.path == "/":
            self._send(200, "text/html; charset=utf-8", self.page)
        else:
            self._send(404, "text/plain", b"There is only the shop's front page.")

    def do_POST(self) -> None:
        try:
            self.orders.append(_order(self.rfile.read(self._length())))
        except (ValueError, TypeError) as error:
            self._send(400, "text/plain", str(error).encode())
        else:
            self._send(200, "application/json", b'{"number": %d}' % len(self.orders))

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: the terminal belongs to the run."""

    def _length(self) -> int:
        length = int(self.headers.get("Content-Length", 0))
        if length > _LARGEST:
            raise ValueError(f"an order has at most {_LARGEST} bytes")
        return length

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _order(body: bytes) -> Order:
    fields = json.loads(body)
    return Order(**{**fields, "items": tuple(fields["items"])})
