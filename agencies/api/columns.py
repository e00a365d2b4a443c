"""What programs write and read of a record, column by column, as its model has it; closed: only named columns.

A record is named by what people know it by (its code, key or year), else by its number.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import time
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from agencies.api.records import RecordSerializer, SeenField
from govlab.api import DayField, KeyField
from govlab.fields import parse_time
from govlab.thai import arabic_digits

MOST_NAMED = 300
"""How many records one answer may name in a list."""
LARGEST = 2**63 - 1
"""The largest number a database counts records by."""
NOT_THERE = _("There is no such record.")

Makes = Callable[..., serializers.Field]


def key_of(model: Any) -> str:
    """The column by which programs name a record of this model."""
    unique = {column.name for column in model._meta.concrete_fields if column.unique}
    return next((name for name in ("code", "key", "year") if name in unique), str(model._meta.pk.name))


def seen_by(model: Any, person: Any) -> QuerySet[Any]:
    """The rows that the person may see; what has no rule for that, everybody sees."""
    rows = model.objects
    found: QuerySet[Any] = rows.visible_to(person) if hasattr(rows, "visible_to") else rows.all()
    return found


# --- what is sent ----------------------------------------------------------------------------------------------------
class ClockField(serializers.TimeField):
    """A time of day: ISO 8601, or as people write it (9.30)."""

    def to_internal_value(self, value: Any) -> time:
        """The time; raises what `parse_time` raises."""
        try:
            return super().to_internal_value(value)
        except serializers.ValidationError:
            return parse_time(value if isinstance(value, str) else "")


class CodeField(serializers.CharField):
    """A code however it was typed: small letters and Thai digits are as good."""

    def to_internal_value(self, data: Any) -> str:
        """The code as it is kept."""
        return arabic_digits(super().to_internal_value(data)).upper()


class SeenSeveral(serializers.ListField):
    """Records that the person may see, by their keys; one query."""

    def __init__(self, model: Any, key: str, **extra: Any) -> None:
        column = model._meta.get_field(key)
        number = isinstance(column, models.IntegerField | models.AutoField)
        child = serializers.IntegerField(min_value=0, max_value=LARGEST) if number else serializers.CharField()
        super().__init__(child=child, max_length=MOST_NAMED, **extra)
        self.model, self.key = model, key

    def to_internal_value(self, data: Any) -> list[Any]:
        """The records, each once; raises ValidationError where one is not there."""
        keys = list(dict.fromkeys(super().to_internal_value(data)))
        rows = seen_by(self.model, self.context["request"].user).filter(**{f"{self.key}__in": keys})
        known = {getattr(row, self.key): row for row in rows}
        if any(key not in known for key in keys):
            raise serializers.ValidationError(NOT_THERE)
        return [known[key] for key in keys]


WRITTEN: tuple[tuple[type[models.Field], Makes], ...] = (
    (models.DateField, DayField),
    (models.TimeField, ClockField),
    (models.BooleanField, serializers.BooleanField),
    (models.IntegerField, serializers.IntegerField),
    (models.EmailField, serializers.EmailField),
    (models.URLField, serializers.URLField),
)
"""How a column is written that is neither text nor a choice nor another record; the rules check it whole."""


def written(model: Any, name: str, *, needed: bool = False) -> serializers.Field:
    """The field in which a program writes the column; `needed`: must be sent where the column cannot be empty."""
    column = model._meta.get_field(name)
    must = needed and not (column.blank or column.null or column.has_default())
    words: dict[str, Any] = {"required": must, "help_text": capfirst(column.verbose_name)}
    if column.many_to_many:
        return SeenSeveral(column.related_model, key_of(column.related_model), **words)
    if column.null:
        words["allow_null"] = True
    if column.is_relation:
        return SeenField(column.related_model, key_of(column.related_model), **words)
    if column.choices:
        return KeyField(choices=column.choices, allow_blank=column.blank, **words)
    if isinstance(column, models.DecimalField):
        return serializers.DecimalField(column.max_digits, column.decimal_places, **words)
    for kind, make in WRITTEN:
        if isinstance(column, kind):
            blank = {"allow_blank": column.blank} if issubclass(kind, models.CharField) else {}
            return make(**words, **blank)
    return serializers.CharField(max_length=column.max_length, allow_blank=column.blank, **words)


def answers(
    name: str, model: Any, columns: Iterable[str], *, needed: bool, asks: Mapping[str, Makes], about: str
) -> type[serializers.Serializer[Any]]:
    """The class that reads these columns from what was sent; `asks` makes fields that are no plain columns."""
    fields = {
        each: asks[each](required=needed) if each in asks else written(model, each, needed=needed) for each in columns
    }
    return type(name, (serializers.Serializer,), {"__doc__": about, **fields})


# --- what is told ----------------------------------------------------------------------------------------------------
def told(model: Any, name: str) -> serializers.Field | None:
    """The field in which a program reads a column that names other records; None for a plain column."""
    column = model._meta.get_field(name)
    if not column.is_relation:
        return None
    key = key_of(column.related_model)
    if column.many_to_many:
        return serializers.SlugRelatedField(slug_field=key, many=True, read_only=True)
    if key == column.related_model._meta.pk.name:
        return serializers.IntegerField(source=column.attname, allow_null=column.null)
    return serializers.SlugRelatedField(slug_field=key, read_only=True, allow_null=column.null)


def record(
    name: str,
    model: Any,
    columns: Iterable[str],
    *,
    about: str,
    base: type[RecordSerializer] = RecordSerializer,
    inside: tuple[str, ...] = ("version",),
    also: Mapping[str, Any] | None = None,
) -> type[RecordSerializer]:
    """The class that tells these columns of a record; `inside` are left out for whoever is no insider.

    `also` holds fields that are no columns, with the methods that fill them.
    """
    listed, extra = list(columns), dict(also or {})
    plain = {column.name for column in (*model._meta.concrete_fields, *model._meta.many_to_many)}
    fields = {each: field for each in listed if each in plain and each not in extra and (field := told(model, each))}
    meta = type("Meta", (), {"model": model, "fields": listed})
    return type(name, (base,), {"__doc__": about, "Meta": meta, "inside": inside, **fields, **extra})


def stepped(
    base: type[RecordSerializer], steps: Callable[[Any, Any], list[str]], *, called: str, more: Iterable[str] = ()
) -> type[RecordSerializer]:
    """The class with the verbs that are open to the person, which `steps` gives for a serializer and a record.

    `more` are columns that only insiders read; `called` is its name in the description.
    """

    def get_steps(serializer: Any, row: Any) -> list[str]:
        return steps(serializer, row)

    columns: Any = base.Meta
    meta = type("Meta", (columns,), {"fields": [*columns.fields, *more, "steps"]})
    fields = {
        "__doc__": base.__doc__,
        "Meta": meta,
        "inside": (*base.inside, *more),
        "steps": serializers.SerializerMethodField(help_text="What you may do with it now."),
        "get_steps": get_steps,
    }
    made: type[RecordSerializer] = extend_schema_serializer(component_name=called)(
        type(f"{called}Stepped", (base,), fields)
    )
    return made
