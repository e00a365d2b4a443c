"""Who asks the API too often waits: each token by itself, whoever has none by the address."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from govlab.rates import RATES, Rate
from govlab.visitors import address_of


class Throttle(BaseThrottle):
    """So many requests a minute, for each token, else for each address."""

    rate: Rate

    def allow_request(self, request: Request, view: Any) -> bool:
        """Counts the request; behind NUM_PROXIES proxies of ours the address is the one the outermost of them saw."""
        who = f"token-{request.auth.pk}" if request.auth else f"address-{address_of(request._request)}"
        return self.counted(request._request, who)

    def counted(self, request: HttpRequest, who: str) -> bool:
        """Whether this one is allowed to ask once more; the answer says how often they still may."""
        self.rate = RATES.take(who, settings.API_REQUESTS_PER_MINUTE)
        request.rate = self.rate  # type: ignore[attr-defined]
        return self.rate.allowed

    def wait(self) -> float:
        """Seconds until they may again."""
        return float(self.rate.reset)


def count_stranger(request: HttpRequest) -> None:
    """Counts a request with a bad token to its address; raises Throttled when that has asked too often."""
    throttle = Throttle()
    if not throttle.counted(request, f"address-{address_of(request)}"):
        raise Throttled(wait=throttle.wait())
