"""The API described: OpenAPI for programs, Swagger for people, from this host only."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.doors import PublicDoor


@cache
def description(language: str | None) -> dict[str, Any]:
    """The whole schema in one language; making it takes long, and it changes only with the program."""
    return SchemaGenerator().get_schema(request=None, public=True)


class Schema(SpectacularAPIView):
    """The OpenAPI description, as YAML or JSON."""

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The description in the language of the request."""
        return Response(description(get_language()))


class Docs(PublicDoor):
    """A page that reads the schema and lets one try it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        return render(request, "public/api_docs.html")
