"""What people get when something broke: an honest page, with what they typed wherever it can be kept."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.defaults import server_error

from govlab.held import held_page, may_be_held

RETRY_AFTER = "10"
"""Seconds after which a program may ask again."""


def trouble(request: HttpRequest) -> HttpResponse:
    """503 while the database does not answer, with the typed text kept; whatever else broke is ours and stays a 500."""
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return server_error(request)
    if request.path_info.startswith("/api/"):
        sentence = _("The portal could not reach its data for a moment. Ask again in a little while.")
        response: HttpResponse = JsonResponse({"non_field_errors": [sentence]}, status=503)
    elif request.method == "POST" and may_be_held(request):
        response = held_page(request, reason="busy", status=503)
    else:
        response = render(request, "503.html", status=503)
    response.headers["Retry-After"] = RETRY_AFTER
    return response
