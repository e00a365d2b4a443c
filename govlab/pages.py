"""Public pages are made once for each edition of the portal: kept in this process, exact by the edition's number."""

import gzip
import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers

from govlab import edition
from govlab.middleware import CONTROL

LARGEST = 512 * 1024
"""Bytes; a larger page is not kept."""
AROUND = 1024
"""Bytes counted for what a page takes besides its content."""
WORTH_PACKING = 200
"""Bytes; a shorter page goes out as it is, as `GZipMiddleware` has it."""
LONG = 64 * 1024
"""Bytes; a longer answer, which only programs read, is packed three times quicker and a quarter larger."""
PACKED = re.compile(r"\bgzip\b")
"""In Accept-Encoding: whoever asks takes gzip, as `GZipMiddleware` reads it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A page as its door made it; `framed` when other sites may show it in a frame.

    `packed` is None until somebody asks for it so, and empty where that would be no shorter.
    """

    content: bytes
    packed: bytes | None
    headers: Mapping[str, str]
    framed: bool

    @property
    def size(self) -> int:
        """The bytes it takes, roughly."""
        return len(self.content) + len(self.packed or b"") + AROUND


class Shelf:
    """The pages of one moment in memory; when they take too much, those that nobody asked for longest go first."""

    def __init__(self) -> None:
        self._lock, self._moment = Lock(), None
        self._pages: OrderedDict[bytes, Kept] = OrderedDict()
        self.size = 0

    def get(self, moment: Any, key: bytes) -> Kept | None:
        """The page; whoever comes from another moment, earlier ones included, finds the shelf cleared."""
        with self._lock:
            if moment != self._moment:
                self._clear()
                self._moment = moment
            if page := self._pages.get(key):
                self._pages.move_to_end(key)
            return page

    def put(self, moment: Any, key: bytes, page: Kept, most: int) -> None:
        """Keeps it among at most so many bytes, unless the moment has passed while it was made."""
        with self._lock:
            if moment != self._moment or page.size > most:
                return
            if before := self._pages.pop(key, None):
                self.size -= before.size
            self._pages[key] = page
            self.size += page.size
            while self.size > most:
                self.size -= self._pages.popitem(last=False)[1].size

    def clear(self) -> None:
        """Forgets every page."""
        with self._lock:
            self._clear()

    def _clear(self) -> None:
        self._pages.clear()
        self.size, self._moment = 0, None


SHELF = Shelf()
"""This process's."""


def key_of(request: HttpRequest, beside: str = "") -> bytes:
    """The page's name: its whole address just as it came. The host has been checked against ALLOWED_HOSTS.

    `beside` is what else the page follows from, such as a language that does not stand in the address.

    The query counts byte by byte: made readable first, two different ones could become the same.
    """
    told = (request.scheme, request.get_host(), request.path, request.META.get("QUERY_STRING", ""), beside)
    return hashlib.sha256(repr(told).encode("utf-8", "surrogateescape")).digest()


def may_be_kept(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether the answer is a whole public page that was made without looking at who asks."""
    session = getattr(request, "session", None)
    return (
        request.method == "GET"  # a page made for HEAD may differ: forms and links look at the method
        and isinstance(response, HttpResponse)
        and response.status_code == 200
        and getattr(response, "is_rendered", True)
        and response.headers.get("Cache-Control", "").startswith("public")
        and "Content-Encoding" not in response.headers
        and not {"cookie", "*"} & {name.strip() for name in response.headers.get("Vary", "").lower().split(",")}
        and not response.cookies
        and not (session is not None and session.accessed)
        and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")  # the token of one visitor's form is in it
        and len(response.content) <= LARGEST
    )


def taken(response: HttpResponse) -> Kept:
    """What is kept of an answer; its ETag is weak, as packed and plain are the same page in different bytes."""
    content, kind = response.content, response.headers.get("Content-Type", "")
    if kind.startswith("text/html"):
        content = content.translate(None, CONTROL)
    headers = dict(response.headers) | {"ETag": f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'}
    worth = kind.startswith(("text/", "application/")) and len(content) >= WORTH_PACKING
    return Kept(content, None if worth else b"", headers, getattr(response, "xframe_options_exempt", False))


def packed(page: Kept) -> Kept:
    """The page with its bytes packed as well; without a random part, as no page here holds a secret to guess."""
    made = gzip.compress(page.content, 3 if len(page.content) > LONG else 6, mtime=0)
    return replace(page, packed=made if len(made) < len(page.content) else b"")


def takes_packed(request: HttpRequest) -> bool:
    """Whether whoever asks takes gzip."""
    return bool(PACKED.search(request.headers.get("Accept-Encoding", "")))


def answer(request: HttpRequest, page: Kept) -> HttpResponseBase:
    """The page for whoever asks: 304 where they have it, packed where they take it so."""
    packs = bool(page.packed) and takes_packed(request)
    response = HttpResponse(page.packed if packs else page.content, headers=page.headers)
    if page.packed != b"":
        patch_vary_headers(response, ["Accept-Encoding"])
    if packs:
        response.headers["Content-Encoding"] = "gzip"
    known = get_conditional_response(request, etag=page.headers["ETag"], response=response) or response
    for name, value in page.headers.items():
        if not name.startswith("Content-") or name == "Content-Security-Policy":
            known.headers.setdefault(name, value)  # what guards a page guards its 304: a browser takes over its headers
    if page.framed:
        known.xframe_options_exempt = True
    return known


def keeping(request: HttpRequest, make: Callable[[], HttpResponseBase], beside: str = "") -> HttpResponseBase:
    """The page as it was made before in this edition and on this day, else made now; 304 for whoever has it already.

    The edition is read before the page is made: what changes meanwhile is kept under a number that nobody asks for
    again. Errors, redirects, files and whatever looked at a cookie are never kept.
    """
    most = settings.PAGES_MEMORY * 1024 * 1024
    if request.method not in ("GET", "HEAD") or not most:
        return make()
    moment, key = (edition.current(), timezone.localdate()), key_of(request, beside)
    request.edition = moment[0]  # type: ignore[attr-defined]  # for who counts under it, so that it is asked once
    page = before = SHELF.get(moment, key)
    if page is None:
        response = make()
        if not may_be_kept(request, response):
            return response
        page = taken(response)  # type: ignore[arg-type]
    if page.packed is None and takes_packed(request):
        page = packed(page)
    if page is not before:
        SHELF.put(moment, key, page, most)
    return answer(request, page)
