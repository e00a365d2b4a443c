"""The short lists that records choose from, and the documents that facts stand in, as tables."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.models import Source
from projects.exchange.columns import CHANGED, DEMO, Table, both, heading, of, sources
from projects.models import Facet, InnovationType, Lab, MeetingSeries, ServiceField


def _with_sources(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.prefetch_related("sources")


def _list(name: str, model: Any, about: Any) -> Table:
    return Table(
        name,
        heading(model._meta.verbose_name_plural),
        about,
        (
            of(model, "key", label=_("Code")),
            of(model, "position", about=_("In which order the choices are shown.")),
            *both(model, "name", "about"),
            sources(),
            DEMO,
        ),
        lambda person: _with_sources(model.objects.order_by("position", "key")),
        _with_sources,
        "key",
        _("The documents in the column sources; kept by OPDC staff."),
    )


LISTS = (
    _list("fields", ServiceField, _("The fields of public service that projects belong to.")),
    _list("types", InnovationType, _("The types of innovation that projects and innovations are of.")),
    _list("labs", Lab, _("The laboratories that projects belong to.")),
    _list("facets", Facet, _("The facets of innovation that projects touch.")),
    _list("series", MeetingSeries, _("The bodies that meet again and again and number their meetings.")),
)

SOURCES = Table(
    "sources",
    _("Sources"),
    _("The published documents in which facts of the other tables stand."),
    (
        of(Source, "key", label=_("Code")),
        *both(Source, "title", "publisher"),
        of(Source, "published_on"),
        of(Source, "url"),
        CHANGED,
        DEMO,
    ),
    lambda person: Source.objects.order_by("key"),
    lambda rows: rows,
    "key",
    _("The document itself, at its address."),
)
