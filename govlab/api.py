"""What every part of the API shares: errors, paging, throttling."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import exceptions, status
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import exception_handler

from govlab.doors import SentBefore
from govlab.history import Stale


class FilterBackend(DjangoFilterBackend):
    """The pages' own FilterSets; a value they do not know is a 400 with the field."""


class Pages(PageNumberPagination):
    """Numbered pages; a page that does not exist is a 400 that names the field."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        """The rows of the page asked for."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except exceptions.NotFound as error:
            raise exceptions.ValidationError({"page": [_("There is no such page. Begin with page 1.")]}) from error


class Throttle(SimpleRateThrottle):
    """So many requests a minute, for each person with a token, else for each address."""

    scope = "api"

    def get_rate(self) -> str:
        """How many, from the settings."""
        return f"{settings.API_REQUESTS_PER_MINUTE}/min"

    def get_cache_key(self, request: Request, view: Any) -> str:
        """Who is counted; behind NUM_PROXIES proxies of ours the address is the one the outermost of them saw."""
        ident = f"user-{request.user.pk}" if request.user and request.user.is_authenticated else self.get_ident(request)
        return self.cache_format % {"scope": self.scope, "ident": ident}


class Conflict(exceptions.APIException):
    """The record moved on since the client read it."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_detail = _("Somebody else changed this since you read it. Read it again and send your change once more.")
    default_code = "stale"


class VersionNeeded(exceptions.APIException):
    """A change without saying which version it is of."""

    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_detail = _("Say which version you read: send its ETag in the If-Match header.")
    default_code = "version_needed"


class KeyTaken(exceptions.APIException):
    """An Idempotency-Key that stood on another request."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_detail = _("This Idempotency-Key was used for another request. Make a new one.")
    default_code = "key_taken"


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turns what rules raise into the API's answers: a 400 with the field, 403, 404, 412."""
    if isinstance(error, DjangoValidationError):
        detail = error.message_dict if hasattr(error, "error_dict") else {"non_field_errors": error.messages}
        if "__all__" in detail:
            detail["non_field_errors"] = detail.pop("__all__")
        error = exceptions.ValidationError(detail)
    elif isinstance(error, Stale):
        error = Conflict()
    elif isinstance(error, SentBefore):
        error = KeyTaken()
    return exception_handler(error, context)
