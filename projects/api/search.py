"""Searching for other programs, with the search of the pages."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects.search import KINDS, search

MOST = 50


class HitSerializer(serializers.Serializer[Any]):
    """One record found; `id` is a project's code, an agency's or meeting's key, otherwise a number."""

    kind = serializers.ChoiceField(choices=[(kind, kind) for kind in KINDS])
    id = serializers.CharField()
    title_th = serializers.CharField()
    title_en = serializers.CharField()
    url = serializers.SerializerMethodField()
    excerpt = serializers.CharField()
    demo = serializers.BooleanField()

    def get_url(self, hit: Any) -> str:
        """The page that shows it."""
        return self.context["request"].build_absolute_uri(hit.url)


class ResultsSerializer(serializers.Serializer[Any]):
    """What was found, the best first."""

    results = HitSerializer(many=True)


class Search(APIView):
    """Finds projects, their public updates, meetings, resolutions, innovations and agencies."""

    permission_classes = [AllowAny]

    @extend_schema(
        summary="Search everything",
        parameters=[OpenApiParameter("q", str, description="Words in Thai or English.", required=True)],
        responses=ResultsSerializer,
    )
    def get(self, request: Request) -> Response:
        """At most 50 records."""
        hits = search(request.user, request.query_params.get("q", ""), MOST)
        return Response(ResultsSerializer({"results": hits}, context={"request": request}).data)
