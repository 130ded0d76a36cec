"""A small HTTP client: some connections, each sending its requests one after another."""

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

Sent = Sequence[bytes]
"""The requests of one connection, whole, in order."""


def request(path: str, body: object, headers: Mapping[str, str] | None = None) -> bytes:
    """A POST of JSON on a connection that stays open."""
    content = json.dumps(body, ensure_ascii=False).encode()
    told = {
        "Host": "127.0.0.1",
        "Content-Type": "application/json",
        "Content-Length": str(len(content)),
        **(headers or {}),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode() + content


def answered(address: str, connections: Sequence[Sent]) -> float:
    """Answers a second, all connections at once. Raises RuntimeError unless each is a success."""
    parts = urlsplit(address)
    assert parts.hostname is not None
    assert parts.port is not None
    return asyncio.run(_answered(parts.hostname, parts.port, connections))


async def _answered(host: str, port: int, connections: Sequence[Sent]) -> float:
    loop = asyncio.get_running_loop()
    made = []
    for sent in connections:
        _, protocol = await loop.create_connection(_Connection, host, port)
        made.append((protocol, sent))
    began = time.perf_counter()
    await asyncio.gather(*(protocol.all_of(sent) for protocol, sent in made))
    seconds = time.perf_counter() - began
    for protocol, _ in made:
        protocol.transport.close()
    return sum(len(sent) for sent in connections) / seconds


class _Connection(asyncio.Protocol):
    """Reads no more of an answer than its status and its length."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        self._buffer = b""
        self._answer: asyncio.Future[bytes] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(RuntimeError("the server hung up"))

    async def all_of(self, sent: Sent) -> None:
        loop = asyncio.get_running_loop()
        for one in sent:
            self._answer = loop.create_future()
            self.transport.write(one)
            answer = await self._answer
            if not answer.startswith(b"HTTP/1.1 20"):
                raise RuntimeError(answer.decode(errors="replace"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, gap, body = self._buffer.partition(b"\r\n\r\n")
        if not gap:
            return
        _, _, rest = head.lower().partition(b"content-length:")
        length = int(rest.partition(b"\r\n")[0])
        if len(body) >= length and self._answer is not None:
            self._buffer = body[length:]
            self._answer.set_result(head + gap + body[:length])
