"""Calls to addresses that people typed: only out into the public network, to the very address that was checked.

A name is looked up once. Every address it stands for must be public, and the connection goes to one of these; the
name itself is only said to the other side (SNI and Host). So nothing inside the server's own network can be reached,
neither by an odd way of writing an address nor by a name that means another one a moment later (DNS rebinding).
"""

import http.client
import io
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address
from typing import Any

from govlab.addresses import Refused, Target, is_public, own_host, parse

SECONDS = 10.0
"""How long a call takes at most, from the look-up of the name to the last byte."""
LOOK_UP_SECONDS = 5.0
READ = 64 * 1024
"""So many bytes of an answer are read; they are not kept, as nobody knows what is in them."""


@dataclass(frozen=True)
class Answer:
    """What came back: the status, and after how many milliseconds."""

    status: int
    ms: int


# --- the name, looked up once ----------------------------------------------------------------------------------------
def lookup(host: str, port: int) -> list[str]:
    """Every address that the name stands for; raises OSError for none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


def is_own(address: str) -> bool:
    """Whether the address is one of this machine, or one that the portal's own name stands for."""
    ip = ip_address(address)
    family = socket.AF_INET6 if ip.version == 6 else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:  # sends nothing: only asks which way it would go
            probe.connect((address, 9))
            if probe.getsockname()[0] == address:
                return True
    except OSError:
        pass
    return address in _own_addresses(own_host(), int(time.monotonic() // 300))


@lru_cache(4)
def _own_addresses(host: str, _period: int) -> frozenset[str]:
    """What the portal's own name stands for; asked again every five minutes."""
    try:
        return frozenset(lookup(host, 443))
    except OSError:
        return frozenset()


@dataclass(frozen=True)
class Network:
    """How names are looked up and connections made; tests bring their own."""

    lookup: Callable[[str, int], Iterable[str]] = field(default_factory=lambda: lookup)
    is_own: Callable[[str], bool] = field(default_factory=lambda: is_own)
    connect: Callable[[tuple[str, int], float], Any] = field(default_factory=lambda: socket.create_connection)
    tls: ssl.SSLContext | None = None
    now: Callable[[], float] = time.monotonic


def addresses_of(target: Target, network: Network) -> list[str]:
    """The numeric addresses of the target; raises Refused where it has none, or one that is not public."""
    try:
        found = list(_in_time(lambda: network.lookup(target.host, target.port), LOOK_UP_SECONDS))
    except (OSError, UnicodeError):
        raise Refused("unknown") from None
    if not found:
        raise Refused("unknown")
    if not all(is_public(address) for address in found):
        raise Refused("inside")
    if any(network.is_own(address) for address in found):
        raise Refused("own")
    return found


def check(address: str, network: Network | None = None) -> None:
    """Raises Refused unless the address may be called now; asks the network for its name."""
    addresses_of(parse(address), network or Network())


def _in_time(work: Callable[[], Any], seconds: float) -> Any:
    """What the work answers; raises TimeoutError when it takes longer, as the system's look-up knows no end."""
    done: list[Any] = []

    def carry_out() -> None:
        try:
            done.append((True, work()))
        except Exception as error:  # handed on to whoever waits
            done.append((False, error))

    thread = threading.Thread(target=carry_out, daemon=True)
    thread.start()
    thread.join(seconds)
    if not done:
        raise TimeoutError("the look-up of the name took too long")
    good, answer = done[0]
    if not good:
        raise answer
    return answer


# --- the call --------------------------------------------------------------------------------------------------------
class _Reader(io.RawIOBase):
    """Reads from a socket until a moment, however slowly the bytes drip."""

    def __init__(self, sock: Any, left: Callable[[], float]) -> None:
        self.sock, self.left = sock, left

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """The next bytes; raises TimeoutError when the time is over."""
        self.sock.settimeout(self.left())
        return int(self.sock.recv_into(buffer))


class _Timed:
    """A socket as http.client needs it, with one end for everything that is done with it."""

    def __init__(self, sock: Any, left: Callable[[], float]) -> None:
        self.sock, self.left = sock, left

    def sendall(self, data: Any) -> None:
        """Sends it all, or raises TimeoutError."""
        self.sock.settimeout(self.left())
        self.sock.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What comes back."""
        return io.BufferedReader(_Reader(self.sock, self.left))

    def close(self) -> None:
        """Ends it."""
        self.sock.close()


def post(address: str, headers: dict[str, str], body: bytes, network: Network | None = None) -> Answer:
    """Posts the body to the address and gives the status; follows no redirect.

    Raises Refused for an address that may not be called, OSError (ssl.SSLError and TimeoutError are such) or
    http.client.HTTPException where the call does not come to an answer within SECONDS.
    """
    network = network or Network()
    began = network.now()

    def left() -> float:
        seconds = SECONDS - (network.now() - began)
        if seconds <= 0:
            raise TimeoutError("the call took too long")
        return seconds

    target = parse(address)
    sock = _connected(target, addresses_of(target, network), network, left)
    try:
        call = http.client.HTTPConnection(target.host, target.port)
        call.sock = _Timed(sock, left)
        call.request("POST", target.path, body, {"Host": target.named, "Connection": "close", **headers})
        answer = call.getresponse()
        answer.read(READ)
        return Answer(answer.status, round((network.now() - began) * 1000))
    finally:
        sock.close()


def _connected(target: Target, addresses: list[str], network: Network, left: Callable[[], float]) -> Any:
    """A connection to the first of the checked addresses that takes one; with TLS, to the name that was asked for."""
    trouble: OSError = OSError("no address")
    for address in addresses[:3]:
        try:
            sock = network.connect((address, target.port), left())
            break
        except OSError as error:
            trouble = error
    else:
        raise trouble
    if not target.tls:
        return sock
    try:
        sock.settimeout(left())
        return (network.tls or ssl.create_default_context()).wrap_socket(sock, server_hostname=target.host)
    except BaseException:
        sock.close()
        raise
