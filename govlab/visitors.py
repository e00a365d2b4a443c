"""Visitors without an account: told apart without keeping an address, and held off when they send too much."""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

QUICKEST = timedelta(seconds=3)
"""Nobody reads a form and answers it sooner."""
LONGEST = timedelta(days=1)
"""After so long a form that was opened is asked for again; what was typed stays in it."""
SALT = "govlab.visitors.opened"


def address_of(request: HttpRequest) -> str:
    """The address the request came from; behind NUM_PROXIES proxies of ours, the one the outermost of them saw.

    Of an IPv6 address its network (/64): one household has all of it, and could come from another one each time.
    """
    told = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    seen = told[-settings.NUM_PROXIES] if 0 < settings.NUM_PROXIES <= len(told) else ""
    seen = seen or request.META.get("REMOTE_ADDR", "")
    try:
        known = ip_address(seen.strip("[]"))
    except ValueError:
        return seen
    if isinstance(known, IPv6Address):
        return str(known.ipv4_mapped or ip_network((int(known), 64), strict=False))
    return str(known)


def _digest(purpose: str, *told: str) -> str:
    """By this installation's secret: without it nobody finds what was told."""
    return salted_hmac(f"govlab.visitors.{purpose}", "\0".join(told), algorithm="sha256").hexdigest()


def mark(request: HttpRequest, purpose: str) -> str:
    """By what one visitor is told from another for one purpose: a keyed digest of address and browser, 64 hex digits.

    Two purposes give two marks that have nothing in common.
    """
    return _digest(f"mark.{purpose}", address_of(request), request.headers.get("User-Agent", ""))


def allow(request: HttpRequest, purpose: str, times: int, within: timedelta) -> bool:
    """Whether the address may do this once more: at most so many times in any such span, over all processes.

    Each time takes one of so many places in the cache and gives it back when the span is over. To take a place is one
    step in every cache; to count up is not in the database's, where two at once would count as one.
    """
    told = _digest(f"allow.{purpose}", address_of(request))
    places = [f"visitor-{told}-{place}" for place in range(times)]
    taken = cache.get_many(places)
    return any(cache.add(place, 1, within.total_seconds()) for place in places if place not in taken)


def from_our_page(request: HttpRequest) -> bool:
    """Whether a form was sent from one of our own pages; it stands in for the cookie that guards other forms."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is None or origin == f"{request.scheme}://{request.get_host()}"


def opened_now() -> str:
    """What a form carries to say when it was opened."""
    return signing.dumps(timezone.now().timestamp(), salt=SALT)


def opened_before(opened: str) -> str:
    """The same again for a form that is shown once more; a new one for what we did not sign, or so long ago."""
    try:
        signing.loads(opened, salt=SALT, max_age=LONGEST)
    except signing.BadSignature:
        return opened_now()
    return opened


def require_patience(opened: str, now: datetime | None = None) -> None:
    """Raises ValidationError for a form that was sent sooner than a person can, or that was opened too long ago."""
    now = now or timezone.now()
    try:
        since = now.timestamp() - signing.loads(opened, salt=SALT)
    except signing.BadSignature:
        since = LONGEST.total_seconds() + 1
    if since > LONGEST.total_seconds():
        raise ValidationError(_("This form was open for too long. Send it once more."), code="opened")
    if since < QUICKEST.total_seconds():
        raise ValidationError(_("This was sent very quickly. Read it once more, then send it again."), code="quick")
