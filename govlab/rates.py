"""How often somebody may ask in a minute: counted exactly over all processes, without a write for every request.

A process takes places in blocks from the shared cache. To take one is one step in every cache, where counting up is
not: two at once would count as one. What a process has taken and not used is lost to the others until the minute ends,
so the limit is never exceeded, and reached a little early by whoever is served by many processes.
"""

import hashlib
import time
from collections.abc import Callable
from threading import Lock
from typing import Any, NamedTuple

from django.core.cache import cache

WINDOW = 60
"""Seconds."""
BLOCKS = 30
"""Into so many parts a limit is cut at most."""


class Rate(NamedTuple):
    """Whether one more is allowed; of how many, how many are left at least, seconds until all are there again."""

    allowed: bool
    limit: int
    left: int
    reset: int


class Rates:
    """The places that this process has taken, by who asks."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self._lock, self._window = Lock(), -1
        self._own: dict[str, list[int]] = {}
        """By who asks: how many are left of the block, how many others were free when it was taken."""

    def take(self, who: str, limit: int) -> Rate:
        """Counts one request of this minute."""
        now = self.clock()
        window, reset = int(now // WINDOW), WINDOW - int(now % WINDOW)
        with self._lock:
            if window != self._window:
                self._own.clear()
                self._window = window
            own = self._own.get(who)
            if own and own[0]:
                own[0] -= 1
                return Rate(True, limit, sum(own), reset)
        size, free = self._block(who, window, limit)
        if not size:
            return Rate(False, limit, 0, reset)
        with self._lock:
            own = self._own.setdefault(who, [0, 0])
            own[0] += size - 1
            own[1] = free
            return Rate(True, limit, sum(own), reset)

    def _block(self, who: str, window: int, limit: int) -> tuple[int, int]:
        """Takes a block: its size, 0 where none is left, and how many places are free besides."""
        size = max(1, -(-limit // BLOCKS))
        name = hashlib.sha256(f"{who}\0{window}".encode()).hexdigest()[:40]
        places = {f"rate-{name}-{n}": min(size, limit - n * size) for n in range(-(-limit // size))}
        taken = cache.get_many(places)
        free = {place: count for place, count in places.items() if place not in taken}
        for place, count in list(free.items()):
            del free[place]
            if cache.add(place, 1, 2 * WINDOW):
                return count, sum(free.values())
        return 0, 0

    def clear(self) -> None:
        """Gives nothing back, but forgets what was taken."""
        with self._lock:
            self._own.clear()


RATES = Rates()
"""This process's."""


def headers_of(rate: Rate) -> dict[str, Any]:
    """What an answer says of it, as the IETF's draft of RateLimit header fields has it."""
    return {
        "RateLimit-Policy": f'"minute";q={rate.limit};w={WINDOW}',
        "RateLimit": f'"minute";r={rate.left};t={rate.reset}',
    }
