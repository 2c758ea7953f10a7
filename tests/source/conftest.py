"""A mirror on this machine for tests that download."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.source.mirror import Serve, Server


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    servers: list[Server] = []

    def start(content: bytes, **behaviour: Any) -> Server:
        servers.append(Server(content, **behaviour))
        return servers[-1]

    yield start
    for server in servers:
        server.stall.set()
        server.shutdown()
        server.server_close()
