"""The API described: OpenAPI for programs, Swagger for people, from this host only."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, override
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer, OpenApiYamlRenderer2
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from agencies.api.examples import Words, complete
from agencies.api.reading import PUBLIC
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


class Json(OpenApiJsonRenderer):
    """JSON for programs: without indents, letters as they are; half as long."""

    ensure_ascii = False

    def get_indent(self, accepted_media_type: str, renderer_context: Any) -> None:
        """None."""


class PlainJson(Json):
    """The same under the name that every program knows."""

    media_type, format = "application/json", "json"


FORMS: dict[str, type[BaseRenderer]] = {
    form.media_type: form for form in (OpenApiYamlRenderer, OpenApiYamlRenderer2, Json, PlainJson)
}


@cache
def written(language: str | None, form: str) -> bytes:
    """The schema as a file; writing it takes a second, which nobody should be able to ask for again and again."""
    content: bytes = FORMS[form]().render(description(language), renderer_context={})
    return content


class Schema(SpectacularAPIView):
    """The OpenAPI description, as YAML or JSON."""

    renderer_classes = list(FORMS.values())

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The description in the language of the request."""
        renderer: BaseRenderer = request.accepted_renderer
        charset = f"; charset={renderer.charset}" if renderer.charset else ""
        response = HttpResponse(
            written(get_language(), renderer.media_type), content_type=f"{renderer.media_type}{charset}"
        )
        response.headers["Cache-Control"] = PUBLIC
        patch_vary_headers(response, ["Accept-Language"])
        return response


class Docs(PublicDoor):
    """A page that reads the schema and lets one try it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        return render(request, "public/api_docs.html", {"problems": KINDS.items()})
