"""The server of pages and the API, which does not wait for those who only listen."""

import socket
import threading
from typing import Any

import uvicorn


class Server(uvicorn.Server):
    """Told to stop, it ends what is streamed, and then waits for what is being answered.

    stop: set where it was told so before it could hear it itself.
    """

    def __init__(self, config: uvicorn.Config, stop: threading.Event) -> None:
        super().__init__(config)
        self._stop = stop

    # By now the signals are its own.
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.should_exit = self.should_exit or self._stop.is_set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        app: Any = self.config.app
        app.state.streams.close()
        await super().shutdown(sockets)
