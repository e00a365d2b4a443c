"""A receiver of webhooks in a thread of its own, and a way to it that looks like the public internet."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from email.message import Message
from email.parser import BytesParser
from itertools import count
from typing import Any

from govlab.calling import Network

PUBLIC = "93.184.216.34"
"""What every name stands for here unless a test says otherwise."""
FINE = b"HTTP/1.1 204 No Content\r\n\r\n"


@dataclass(frozen=True)
class Got:
    """One call as it came in."""

    path: str
    headers: Message
    body: bytes


class Receiver:
    """Takes calls one after the other, keeps them, answers what it is told to."""

    def __init__(self) -> None:
        self.got: list[Got] = []
        self.names: list[str] = []
        self.answer = FINE
        self.drips, self.dripped = False, 0
        self.tls: ssl.SSLContext | None = None
        self.when_called: Callable[[], None] = lambda: None
        self.over = threading.Event()
        self.server = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server.getsockname()[1])

    def never(self) -> list[str]:
        """An answer that does not come while the test runs."""
        self.over.wait()
        return []

    def end(self) -> None:
        """Ends it."""
        self.over.set()
        self.server.close()

    def _serve(self) -> None:
        while not self.over.is_set():
            try:
                sock, _peer = self.server.accept()
            except OSError:
                return
            try:
                with self.tls.wrap_socket(sock, server_side=True) if self.tls else sock as own:
                    self._take(own)
            except OSError:
                sock.close()

    def _take(self, sock: socket.socket) -> None:
        sock.settimeout(5)
        stream = sock.makefile("rb")
        line = stream.readline().decode("latin-1").split()
        if len(line) != 3:
            return
        head = b""
        while (part := stream.readline()) not in (b"\r\n", b""):
            head += part
        headers = BytesParser().parsebytes(head)
        self.got.append(Got(line[1], headers, stream.read(int(headers["Content-Length"] or 0))))
        self.when_called()
        sock.sendall(self.answer)
        while self.drips and not self.over.is_set():
            sock.sendall(b"a")
            self.dripped += 1
            if self.over.wait(0.002):
                return


class Way:
    """The network as a test wants it: what names stand for, and what was asked and reached."""

    def __init__(
        self,
        receiver: Receiver,
        found: Iterable[str] | Exception | Callable[[], Iterable[str]] = (PUBLIC,),
        *,
        own: Iterable[str] = (),
        dead: Iterable[str] = (),
    ) -> None:
        self.receiver, self.found, self.dead = receiver, found, set(dead)
        self.asked: list[tuple[str, int]] = []
        self.reached: list[tuple[str, int]] = []
        self.network = Network(lookup=self._lookup, is_own=set(own).__contains__, connect=self._connect)

    def with_tls(self, context: ssl.SSLContext) -> Network:
        """The same with certificates that are trusted."""
        return replace(self.network, tls=context)

    def ticking(self, step: float) -> Network:
        """The same with a clock that goes on by so many seconds at each look."""
        return replace(self.network, now=count(0.0, step).__next__)

    def _lookup(self, host: str, port: int) -> Iterable[str]:
        self.asked.append((host, port))
        if isinstance(self.found, Exception):
            raise self.found
        return self.found() if callable(self.found) else self.found

    def _connect(self, address: tuple[str, int], timeout: float) -> Any:
        self.reached.append(address)
        if address[0] in self.dead:
            raise ConnectionRefusedError("nobody listens")
        return socket.create_connection(("127.0.0.1", self.receiver.port), timeout)
