"""Pages of other sites may read what everybody may read over the API: no token, no cookie, nothing written."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from govlab.problems import is_for_api

READS = "GET, HEAD"
SENT = "Accept, Accept-Language, If-None-Match"
"""The headers that such a page may send; Authorization is not among them, so no browser sends a token from there."""
READ = "ETag, RateLimit, RateLimit-Policy, Retry-After"
A_DAY = "86400"


def open_reads(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answers a browser's question beforehand, and marks visitors' reads as open to every site."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not is_for_api(request):
            return get_response(request)
        asks_before = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
        response = HttpResponse(status=204) if asks_before and "Origin" in request.headers else get_response(request)
        if asks_before and response.status_code == 204:
            response.headers["Access-Control-Allow-Methods"] = READS
            response.headers["Access-Control-Allow-Headers"] = SENT
            response.headers["Access-Control-Max-Age"] = A_DAY
        elif request.method not in ("GET", "HEAD") or "Authorization" in request.headers:
            return response
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = READ
        patch_vary_headers(response, ["Authorization"])
        return response

    return middleware
