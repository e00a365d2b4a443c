"""The API described: OpenAPI for programs, Swagger for people, from this host only."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, override
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.examples import Words, complete
from agencies.doors import PublicDoor
from govlab.problems import KINDS

EXAMPLES = Path(__file__).resolve().parent.parent / "facts" / "examples.yaml"


def with_examples(result: dict[str, Any], **made: Any) -> dict[str, Any]:
    """The description with its examples; the last of the steps that the settings name."""
    return complete(result, Words(**yaml.safe_load(EXAMPLES.read_text(encoding="utf-8"))))


@cache
def description(language: str | None) -> dict[str, Any]:
    """The whole schema in one language; making it takes long, and it changes only with the program."""
    with override(language):
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
        return render(request, "public/api_docs.html", {"problems": KINDS.items()})
