"""What every answer carries and every request passes: headers, the language of the path, sign-in first."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.csrf import csrf_failure

from govlab import problems
from govlab.autosave import by_script, refusal
from govlab.held import held_page, may_be_held
from govlab.rates import headers_of

Answer = Callable[[HttpRequest], HttpResponse]

CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "private, no-store",
}
"""Set where the view did not set its own: an answer is private until a door says otherwise."""


CONTROL = bytes({*range(32)} - {*b"\t\n\r"})
"""Bytes that no page may hold; they get there when a form shows again what was typed."""


def headers(get_response: Answer) -> Answer:
    """Gives every answer, errors and files included, the headers that keep it safe."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return middleware


def printable(get_response: Answer) -> Answer:
    """Takes control characters out of pages; it stands inside of the compression, whose bytes are not text."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        kind = response.headers.get("Content-Type", "")
        if not response.streaming and kind.startswith("text/html") and "Content-Encoding" not in response.headers:
            content = response.content.translate(None, CONTROL)
            if len(content) < len(response.content):
                response.content = content
                response.headers["Content-Length"] = str(len(content))
        return response

    return middleware


def language_of(request: HttpRequest) -> str:
    """English under `/en/` (without its slash it leads there); for the API what the client prefers; else Thai."""
    if f"{request.path_info}/".startswith("/en/"):
        return "en"
    if request.path_info.startswith("/api/v1/"):
        return translation.get_language_from_request(request)
    return settings.LANGUAGE_CODE


def language(get_response: Answer) -> Answer:
    """Answers in the language that the path names; no cookie is asked or set, so any cache may keep the page."""

    def middleware(request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        if request.path_info.startswith("/api/v1/"):
            patch_vary_headers(response, ["Accept-Language"])
            for name, value in headers_of(request.rate).items() if hasattr(request, "rate") else ():
                response.headers[name] = value
        return response

    return middleware


def sized(get_response: Answer) -> Answer:
    """Refuses a body larger than any form of the portal before a byte of it is read."""

    def middleware(request: HttpRequest) -> HttpResponse:
        typed = request.META.get("CONTENT_LENGTH") or "0"
        if not typed.isdigit() or int(typed) > settings.MAX_BODY:
            if problems.is_for_api(request):
                return problems.answer(request, 413)
            return render(
                request,
                "413.html",
                {
                    "most": settings.MAX_BODY // 1024**2,
                    "text_only": "multipart/" not in request.META.get("CONTENT_TYPE", ""),
                },
                status=413,
            )
        return get_response(request)

    return middleware


class SignInFirst(LoginRequiredMiddleware):
    """Closed by default; but whoever was signed out while typing gets the typed text back instead of a bare form."""

    def process_view(self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any) -> Any:
        """Asks who it is only where that decides: a page for everybody looks at no cookie, so any cache may keep it."""
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        """Sends to the sign-in page; a form that was being sent is held on a page until they are back."""
        if by_script(request):
            return refusal("signed_out")
        if request.method == "POST" and may_be_held(request):
            return held_page(request, reason="signed_out", status=401)
        return super().handle_no_permission(request, view_func)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is from before a sign-in, or was lost: shown again from our pages, refused from others'."""
    if by_script(request):
        return refusal("token")
    if request.headers.get("Sec-Fetch-Site", "none") == "same-origin" and may_be_held(request):
        return held_page(request, reason="token", status=403)
    return csrf_failure(request, reason)
