"""How the API describes itself: a summary for each operation, what its answers hold, the errors it may answer with.

`examples` completes the description once it is made.
"""

from collections.abc import Iterable
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import force_instance
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from agencies.api.asking import Asked, orders_of
from agencies.api.records import RecordSerializer
from govlab.problems import MEDIA_TYPE

KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="The same key again gets the first answer again."
)
MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, description="The ETag of the version you read.")
MUST_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag of the version you read."
)


PAGE = OpenApiParameter("page", int, description="The number of the page, from 1.")
CURSOR = OpenApiParameter(
    "cursor",
    str,
    description="Walks through everything in the order in which it was added: empty at first, then follow `next`. "
    "Nothing is met twice or missed while records are added.",
)
SINCE = OpenApiParameter(
    "updated_since",
    str,
    description="Only what may read otherwise than at this moment (ISO 8601 with its time zone, such as "
    "`2019-11-01T00:00:00+07:00`); `deletions/` says what is gone.",
)
WORDS = OpenApiParameter("q", str, description="Words that all have to be in it.")


MIMES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "csv": "text/csv",
}


def file_answer(*endings: str) -> dict[Any, Any]:
    """What an operation answers that hands out a file with one of these endings."""
    return {(200, MIMES[ending]): OpenApiTypes.BINARY for ending in endings}


def _one_of(name: str, description: str, words: Iterable[str], shown: Iterable[str]) -> OpenApiParameter:
    kind: dict[str, Any] = {"type": "string"}
    if example := ",".join(shown):
        kind["examples"] = [example]
    return OpenApiParameter(name, kind, description=f"{description}: {', '.join(f'`{word}`' for word in words)}.")


class ProblemSerializer(serializers.Serializer[Any]):
    """Why something was not done (RFC 9457)."""

    type = serializers.URLField(help_text="What kind of problem it is; the address explains it.")
    title = serializers.CharField(help_text="The same in a few words.")
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="Why, in a sentence.")
    instance = serializers.CharField(help_text="The path that was asked.")
    errors: Any = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Sentences by field; `non_field_errors` holds those that belong to no field.",
    )


REFUSALS = {
    "400": "Something sent is not right; `errors` says what, by field.",
    "401": "A token is needed, or this one is not valid.",
    "403": "Not yours to do.",
    "406": "The API answers in JSON.",
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

    def get_override_parameters(self) -> list[Any]:
        """What every list takes, and what every reading takes."""
        view: Any = self.view
        action = getattr(view, "action", "")
        if action not in ("list", "retrieve") or not hasattr(view, "beside"):
            return []
        if not hasattr(view.get_serializer_class(), "Meta"):
            return []
        made = list(view.get_serializer_class()().get_fields())
        found = [_one_of("fields", "Only these fields, divided by commas", made, made[:2])]
        along = dict.fromkeys([*view.beside, *made])
        found.append(
            _one_of("include", "What comes along, under `included` or with `fields`", along, [*view.beside][:2])
        )
        if action == "retrieve":
            return found
        if Asked not in view.filter_backends:
            return [*found, CURSOR]
        filters = getattr(view, "filterset_class", None)
        own = filters.base_filters if filters else {}
        if "order" not in own:
            orders = orders_of(view, view.get_serializer_class().Meta.model)
            found.append(OpenApiParameter("order", str, enum=[*orders], description="What comes first."))
        return [*found, CURSOR, SINCE, *([] if "q" in own else [WORDS])]

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Any:
        """An answer holds every field, without those that are for insiders; a record may bring others along."""
        told = super()._map_basic_serializer(serializer, direction)
        if direction != "response":
            return told
        serializer = force_instance(serializer)
        declared = serializer._declared_fields.items()
        maybe = {name for name, field in declared if not field.required and not field.read_only}
        if promised := sorted({*told["properties"]} - maybe - {*getattr(serializer, "inside", ())}):
            told["required"] = promised
        if isinstance(serializer, RecordSerializer):
            told["properties"]["included"] = {
                "type": "object",
                "description": "What `include` asked for: records of other lists, by the list's name.",
                "additionalProperties": {"type": "array", "items": {"type": "object", "additionalProperties": True}},
            }
        return told

    def _refusals(self) -> list[str]:
        one, writes = "{" in self.path, self.method != "GET"
        codes = ["401", "406", "429"]
        if writes or self.view.__class__.__name__ != "Schema":
            codes.append("400")
        if one:
            codes.append("404")
        if writes or getattr(self.view, "staff_alone", False):
            codes.append("403")
        if writes and one:
            codes.append("412")
        if self.method in ("PATCH", "DELETE"):
            codes.append("428")
        if self.method in ("POST", "PATCH"):
            codes += ["413", "415"]
        if self.method == "POST":
            codes.append("422")
        return sorted(codes)

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        refusal = self.resolve_serializer(ProblemSerializer(), direction).ref
        for code in self._refusals():
            bodies.setdefault(code, {"description": REFUSALS[code], "content": {MEDIA_TYPE: {"schema": refusal}}})
        if self.method == "GET":
            bodies.setdefault("304", {"description": "Nothing changed since the ETag in If-None-Match."})
        return bodies
