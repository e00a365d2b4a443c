"""The open data: what there is of it, each table with its dictionary and first rows, the files, and the catalogues."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.doors import PublicDoor
from govlab.downloads import Download, handed_out, open_to_all
from govlab.thai import known_language
from projects.exchange import catalogue, dictionary, enclosed, kept
from projects.exchange.kept import Made
from projects.exchange.tables import TABLES
from projects.heads import addresses, origin


@dataclass(frozen=True)
class Offered:
    """A file as a page offers it: its kind, address, bytes and SHA-256, and the name that it is saved under."""

    kind: str
    url: str
    size: int
    sha256: str
    name: str


def offered(made: Made, stem: str) -> list[Offered]:
    """The files of a table in the active language: CSV, JSON, and Excel as people of this language read it."""
    other = ".th.xlsx" if known_language() == "en" else ".en.xlsx"
    return [
        Offered(
            catalogue.FILE_TYPES[name.rpartition(".")[2]],
            reverse("public:data-file", args=[stem, name.rpartition(".")[2]]),
            file.size,
            file.sha256,
            catalogue.download_name(name),
        )
        for name, file in catalogue.files_of(made, stem).items()
        if not name.endswith(other)
    ]


class DataDoor(PublicDoor):
    """A door to what the worker made; that changes in its own time, so no edition of the portal tells of it."""

    kept = False
    shared = True
    """Still the same for everybody, so it is worth telling others of."""


class DataPage(DataDoor):
    """Everything there is."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page; before the files were made for the first time it says so."""
        made = kept.current()
        context: dict[str, Any] = {
            "title": _("Open data"),
            "made": made,
            "licence": licence(),
            "limits": enclosed.LIMITS,
        }
        context |= {"reading": enclosed.READING, "about": enclosed.ABOUT, "email": settings.CONTACT_EMAIL}
        if made:
            address = addresses(request)[known_language()]
            context |= {
                "whole": offered(made, "govlab")[0],
                "dictionary": offered(made, "dictionary"),
                "tables": [
                    {
                        "name": name,
                        "label": TABLES[name].label,
                        "about": TABLES[name].about,
                        "rows": counted.rows,
                        "demo": counted.demo,
                        "columns": len(TABLES[name].columns),
                        "files": offered(made, name),
                        "changed": max(file.changed for file in catalogue.files_of(made, name).values()),
                    }
                    for name, counted in made.tables.items()
                    if name in TABLES
                ],
                "rows": sum(counted.rows for counted in made.tables.values()),
                "data": [catalogue.dataset(made, origin(request), address)],
                "checksums": enclosed.checksums(made.files, catalogue.download_name),
            }
        return render(request, "public/data/list.html", context)


def licence() -> dict[str, Any]:
    """How the data may be used."""
    return {"name": enclosed.LICENCE, "url": enclosed.LICENCE_URL, "tells": enclosed.LICENCE_TELLS}


class DataTable(DataDoor):
    """One table: its files, every column, the first rows."""

    def get(self, request: HttpRequest, table: str) -> HttpResponse:
        """The page; 404 for a table that there is not, or not yet."""
        made, told = kept.current(), TABLES.get(table)
        if made is None or told is None or table not in made.tables:
            raise Http404
        address = addresses(request)[known_language()]
        place = kept.place(made.files[f"{table}.preview"].sha256)
        try:
            preview = json.loads(place.read_text())[known_language()]
        except FileNotFoundError:
            preview = []
        context = {
            "table": told,
            "counted": made.tables[table],
            "files": offered(made, table),
            "changed": max(file.changed for file in catalogue.files_of(made, table).values()),
            "columns": list(zip(told.columns, entries(table), strict=True)),
            "types": dictionary.TYPES,
            "preview": preview,
            "licence": licence(),
            "data": [catalogue.dataset(made, origin(request), address, table)],
        }
        return render(request, "public/data/table.html", context)


def entries(table: str) -> list[dict[str, Any]]:
    """What the dictionary says of each column of a table, in the active language."""
    found = []
    for row in dictionary.entries([*TABLES.values()], only=table):
        language = known_language()
        told = {name: getattr(row, f"{name}_{language}") for name in ("unit", "about", "choices", "source")}
        refers = row.refers.partition(".")[0]
        names = {"refers": refers, "refers_label": TABLES[refers].label if refers else ""}
        found.append({"row": row, "kind": dictionary.TYPES[row.type], **names, **told})
    return found


class DataFile(DataDoor):
    """One file; Excel in the language of the address."""

    shared = False

    def get(self, request: HttpRequest, name: str, form: str) -> HttpResponseBase:
        """The file, or the part of it that is asked for; 404 for one that there is not, or not yet."""
        made = kept.current()
        choices = (f"{name}.{form}", f"{name}.{known_language()}.{form}")
        found = next((each for each in choices if made and each in made.files and form in kept.KINDS), None)
        if made is None or found is None:
            raise Http404
        file = made.files[found]
        return handed_out(
            request,
            Download(
                kept.place(file.sha256),
                kept.packed_place(file.sha256),
                file.sha256,
                file.size,
                catalogue.download_name(found),
                kept.KINDS[form],
                file.changed,
            ),
        )


class Checksums(DataDoor):
    """SHA-256 of every file, as `sha256sum --check` reads it."""

    shared = False

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """The list; 404 before there is anything."""
        if (made := kept.current()) is None:
            raise Http404
        text = enclosed.checksums(made.files, catalogue.download_name)
        return open_to_all(HttpResponse(text, content_type="text/plain; charset=utf-8"))


class Catalogue(DataDoor):
    """The open data as another catalogue reads it."""

    shared = False
    described: Callable[[Made, str], dict[str, Any]]
    content_type = ""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """The description; 404 before there is anything to describe."""
        if (made := kept.current()) is None:
            raise Http404
        told = type(self).described(made, origin(request))
        params = {"ensure_ascii": False, "indent": 1}
        return open_to_all(JsonResponse(told, content_type=self.content_type, json_dumps_params=params))


class Dcat(Catalogue):
    """As DCAT-AP 3, in JSON-LD."""

    described = staticmethod(catalogue.dcat)
    content_type = "application/ld+json"


class Ckan(Catalogue):
    """As `package_create` of CKAN takes it, for the Thai government data catalogue."""

    described = staticmethod(catalogue.ckan)
    content_type = "application/json"
