"""What every reading of the API has in common: the fields and the records beside it that were asked for, one answer."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from django.http import HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from rest_framework.exceptions import ValidationError
from rest_framework.serializers import SerializerMethodField
from rest_framework.utils.encoders import JSONEncoder

from govlab import pages
from govlab.problems import not_offered

PUBLIC = "public, max-age=0, must-revalidate"
"""What visitors read, any cache may keep; it asks each time whether it is still so."""

AS_BEFORE = JSONEncoder().default
"""Writes dates, decimals and translations as the rest framework does; a moment of UTC ends in Z."""


@dataclass(frozen=True)
class Beside:
    """Records of another door that come with one of this: those whose column `under` names it."""

    door: type[Any]
    under: str


def words_of(door: Any, name: str) -> list[str]:
    """What a parameter lists, divided by commas; each once."""
    return list(dict.fromkeys(filter(None, door.request.query_params.get(name, "").split(","))))


def refuse_unknown(name: str, asked: Iterable[str], known: Iterable[str]) -> None:
    """Raises ValidationError at the parameter where a word is none of those known."""
    if unknown := sorted({*asked} - {*known}):
        raise ValidationError({name: [not_offered(unknown[0], [*known])]})


def wanted_of(door: Any) -> tuple[list[str] | None, list[str]]:
    """The fields asked for, None for all, and the doors whose records come along; raises ValidationError.

    What is included and stands in the record anyway only adds to the fields.
    """
    asked, included = words_of(door, "fields"), words_of(door, "include")
    if not asked and not included:
        return None, []
    own = list(door.get_serializer_class()().get_fields())
    refuse_unknown("fields", asked, own)
    refuse_unknown("include", included, [*own, *door.beside])
    more = [name for name in included if name not in door.beside]
    return [*asked, *more] if asked else None, [name for name in included if name in door.beside]


def only(door: Any, wanted: Collection[str] | None) -> Any:
    """The door's serializer of many records with these fields alone; None is all of them."""
    serializer = door.get_serializer(many=True)
    if wanted is not None:
        for name in {*serializer.child.fields} - {*wanted}:
            del serializer.child.fields[name]
    return serializer


def lighter(rows: Any, serializer: Any) -> Any:
    """The rows without what would be read for fields that were left out.

    A field that is worked out may look at anything, so with one of them everything is read.
    """
    child = serializer.child
    kept, whole = child.fields, type(child)().get_fields()
    if len(kept) == len(whole) or any(isinstance(field, SerializerMethodField) for field in kept.values()):
        return rows
    left_out = {(field.source or name).partition(".")[0] for name, field in whole.items() if name not in kept}
    left_out -= {(field.source or name).partition(".")[0] for name, field in kept.items()}
    lookups = rows._prefetch_related_lookups
    names = [getattr(each, "prefetch_to", each).partition("__")[0] for each in lookups]
    wanted = [each for each, name in zip(lookups, names, strict=True) if name not in left_out]
    return rows.prefetch_related(None).prefetch_related(*wanted)


def beside_of(door: Any, rows: list[Any], names: Iterable[str]) -> dict[str, dict[Any, list[Any]]]:
    """For each name, the other door's records under each of these rows, as that door shows them to this person."""
    found: dict[str, dict[Any, list[Any]]] = {}
    for name in names:
        beside: Beside = door.beside[name]
        other = beside.door(request=door.request, action="list", kwargs={}, format_kwarg=None, args=())
        near = list(other.get_queryset().filter(**{f"{beside.under}__in": [row.pk for row in rows]}))
        under: dict[Any, list[Any]] = defaultdict(list)
        for row, data in zip(near, other.get_serializer(near, many=True).data, strict=True):
            under[getattr(row, f"{beside.under}_id")].append(data)
        found[name] = under
    return found


def with_beside(door: Any, rows: list[Any], shown: list[Any], names: list[str]) -> list[Any]:
    """The records as they are shown, each with what was asked to come along under `included`."""
    if not names:
        return shown
    found = beside_of(door, rows, names)
    return [
        {**data, "included": {name: found[name].get(row.pk, []) for name in names}}
        for row, data in zip(rows, shown, strict=True)
    ]


def tag_of(content: bytes, data: Mapping[str, Any]) -> str:
    """The ETag of a private answer: its version, where it has one, for If-Match, and what it says, for If-None-Match.

    The version alone would not do: a project changes for its reader when a stage does.
    """
    said = hashlib.sha256(content).hexdigest()[:20]
    return f'"{data["version"]}-{said}"' if "version" in data else f'"{said}"'


def answer(door: Any, make: Callable[[], Any]) -> HttpResponse:
    """What `make` gives, as JSON with its ETag; for visitors made once in each edition of the portal and language."""
    public = not door.request.user.is_authenticated

    def made() -> HttpResponse:
        data = make()
        content = orjson.dumps(data, AS_BEFORE, orjson.OPT_PASSTHROUGH_DATETIME)
        response = HttpResponse(content, content_type="application/json")
        patch_vary_headers(response, ["Authorization", "Accept-Language"])
        if public:
            response.headers["Cache-Control"] = PUBLIC
        else:
            response.headers["ETag"] = tag_of(content, data)
        return response

    if not public:
        return made()
    kept: Any = pages.keeping(door.request._request, made, beside=str(get_language()))
    return kept
