"""The server of pages and the API, which does not wait for those who only listen."""

import socket
from typing import Any

import uvicorn


class Server(uvicorn.Server):
    """Told to stop, it ends what is streamed, and then waits for what is being answered."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        app: Any = self.config.app
        app.state.streams.close()
        await super().shutdown(sockets)
