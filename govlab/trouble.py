"""What people get when something broke: an honest page, with what they typed wherever it can be kept."""

import errno
import sys
from typing import Any, NamedTuple

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.defaults import server_error

from govlab import problems
from govlab.held import held_page, may_be_held

RETRY_AFTER = "10"
"""Seconds after which a program may ask again."""
DISK_FULL = "53100"
"""What PostgreSQL answers (SQLSTATE) when it finds no room."""


class Trouble(NamedTuple):
    """What is said of a trouble: the status, why a form is held, and the sentence for programs."""

    status: int
    held: str
    sentence: Any
    headers: dict[str, str]


BUSY = Trouble(
    503,
    "busy",
    gettext_lazy("The portal could not reach its data for a moment. Ask again in a little while."),
    {"Retry-After": RETRY_AFTER},
)
# No word about when to come back: people have to make room first.
FULL = Trouble(
    507, "full", gettext_lazy("The portal has no room left, so nothing was kept. Tell OPDC staff, then try again."), {}
)


def is_full(error: BaseException | None) -> bool:
    """Whether a disk had no room left: where files lie, or where the database does."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    if isinstance(error, OperationalError):
        return "database or disk is full" in str(error) or getattr(error.__cause__, "pgcode", "") == DISK_FULL
    return False


def trouble_of(error: BaseException | None) -> Trouble | None:
    """What kind of trouble an error is; None for what is our own fault."""
    if is_full(error):
        return FULL
    return BUSY if isinstance(error, OperationalError | InterfaceError) else None


def for_programs(request: HttpRequest) -> bool:
    """Whether JSON is asked for: by the API, or by a script of a page."""
    return request.path_info.startswith("/api/") or request.headers.get("Accept", "").startswith("application/json")


def trouble(request: HttpRequest) -> HttpResponse:
    """503 while the database does not answer, 507 while there is no room, with the typed text kept.

    Whatever else broke is ours and stays a 500.
    """
    found = trouble_of(sys.exc_info()[1])
    if found is None:
        return problems.answer(request, 500) if problems.is_for_api(request) else server_error(request)
    if problems.is_for_api(request):
        response: HttpResponse = problems.answer(request, found.status, found.sentence)
    elif for_programs(request):
        response = JsonResponse({"non_field_errors": [str(found.sentence)]}, status=found.status)
    elif request.method == "POST" and may_be_held(request):
        response = held_page(request, reason=found.held, status=found.status)
    else:
        response = render(request, f"{found.status}.html", status=found.status)
    for name, value in found.headers.items():
        response.headers[name] = value
    return response
