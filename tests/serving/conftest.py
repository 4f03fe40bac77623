"""The tiny model behind llama.cpp's server, started once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.tiny_glm import llama_server


@pytest.fixture(scope="session")
def llama(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its base URL."""
    with llama_server.running(tmp_path_factory.mktemp("tiny")) as url:
        yield url
