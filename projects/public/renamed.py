"""An address with a code or a key that a record had before leads to where the record is now."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponsePermanentRedirect
from django.urls import reverse

from govlab.history import renamed


def lead_on(request: HttpRequest, model: Any, column: str, old: str) -> HttpResponsePermanentRedirect:
    """301 to the same page of the record that has this code in other letters (gl2562-3), or was the last to have it.

    The query stays as it is.

    Raises Http404 where a record has the code now, seen or not, where none ever had it, and where a visitor may not
    see the one that had it: all three look the same.
    """
    rows = model._default_manager.all()
    seen = rows.visible_to(AnonymousUser()) if hasattr(rows, "visible_to") else rows
    typed = seen.filter(**{f"{column}__iexact": old}).exclude(**{column: old}).values_list(column, flat=True).first()
    now = typed or renamed(seen, column, old)
    if now is None or request.resolver_match is None:
        raise Http404
    match = request.resolver_match
    query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
    return HttpResponsePermanentRedirect(reverse(match.view_name, kwargs={**match.kwargs, column: now}) + query)
