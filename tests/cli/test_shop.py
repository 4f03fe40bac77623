"""The demo's shop keeps what it really received, and only orders."""

import json
import urllib.error
import urllib.request

import pytest

from gui_agent.cli.shop import Order, Shop

ORDER = {"items": ["Monstera"], "email": "a@example.com", "delivery": "Express", "gift": True}


def post(url: str, body: bytes) -> bytes:
    with urllib.request.urlopen(f"{url}orders", body, timeout=5) as answer:
        return bytes(answer.read())


def test_it_serves_the_page_and_keeps_orders() -> None:
    with Shop() as shop:
        assert shop.url.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(shop.url, timeout=5) as answer:
            assert b"Place order" in answer.read()
        assert json.loads(post(shop.url, json.dumps(ORDER).encode())) == {"number": 1}
    assert shop.orders == [Order(("Monstera",), "a@example.com", "Express", True)]


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b'{"items": 3}', b'{"items": [], "bribe": 5}', b" " * 100_000],
    ids=["cut", "list", "number", "extra", "huge"],
)
def test_anything_else_is_no_order(body: bytes) -> None:
    with Shop() as shop:
        with pytest.raises(urllib.error.HTTPError) as raised:
            post(shop.url, body)
        raised.value.close()
        assert raised.value.code == 400
    assert shop.orders == []
