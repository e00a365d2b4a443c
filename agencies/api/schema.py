"""How the API describes itself: a summary for each operation, and the errors that it may answer with."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="The same key again gets the first answer again."
)
MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, description="The ETag of the version you read.")
MUST_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag of the version you read."
)


class RefusalSerializer(serializers.Serializer[Any]):
    """Why something was not done."""

    detail = serializers.CharField()


FIELDS: dict[str, Any] = {
    "description": "Sentences by field; `non_field_errors` holds those that belong to no field.",
    "content": {
        "application/json": {
            "schema": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}}
        }
    },
}
REFUSALS = {
    "401": "A token is needed, or this one is not valid.",
    "403": "Not yours to do.",
    "404": "Nothing here, or nothing that you may see.",
    "412": "The record moved on since you read it.",
    "413": "More than the API takes at once.",
    "415": "Not JSON; for a file, not a form.",
    "422": "The Idempotency-Key stood on another request.",
    "428": "If-Match is needed.",
    "429": "Too many requests in a minute.",
}


class Schema(AutoSchema):
    """Spectacular's description, with what holds for every operation."""

    def get_summary(self) -> str | None:
        """List or read what the door holds; verbs have their own."""
        things = getattr(self.view, "things", "")
        verb = {"list": "List", "retrieve": "Read one of the"}.get(getattr(self.view, "action", ""), "")
        return f"{verb} {things}" if things and verb else super().get_summary()

    def _refusals(self) -> list[str]:
        one, writes = "{" in self.path, self.method != "GET"
        codes = ["401", "429"]
        if writes or getattr(self.view, "action", "") == "list":
            codes.append("400")
        if one:
            codes.append("404")
        if writes:
            codes.append("403")
        if writes and one:
            codes.append("412")
        if self.method == "PATCH":
            codes.append("428")
        if self.method in ("POST", "PATCH"):
            codes += ["413", "415"]
        if self.method == "POST":
            codes.append("422")
        return sorted(codes)

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        refusal = self.resolve_serializer(RefusalSerializer(), direction).ref
        for code in self._refusals():
            content = {"application/json": {"schema": refusal}}
            answer = FIELDS if code == "400" else {"description": REFUSALS[code], "content": content}
            bodies.setdefault(code, answer)
        return bodies
