"""What other records are mentioned by, and the four stages in both languages."""

from functools import cache
from typing import Any

from django.utils import translation
from rest_framework import serializers

from projects.models import PartKind, StageNumber

DECIMAL: dict[str, Any] = {"max_digits": 18, "decimal_places": 4, "normalize_output": True}
"""Measured values, written as text so that no digit is lost, without superfluous zeros."""


class PartSerializer(serializers.Serializer[Any]):
    """An agency with its part in a project."""

    key = serializers.CharField(source="agency.key")
    name_th = serializers.CharField(source="agency.name_th")
    name_en = serializers.CharField(source="agency.name_en")
    part = serializers.ChoiceField(choices=PartKind.choices)
    demo = serializers.BooleanField()


@cache
def stage_name(number: int, language: str) -> str:
    """What a stage is called."""
    with translation.override(language):
        return str(StageNumber(number).label)


def stage_key(number: int) -> str:
    """`overview`, `needs`, `develop` or `plan`."""
    return StageNumber(number).name.lower()
