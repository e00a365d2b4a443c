"""What goes with the open data: its name, the licence under which it may be used, and what the zip says of itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from govlab.thai import format_date
from projects.exchange.dictionary import TYPES
from projects.exchange.kept import Counted, File
from projects.exchange.tables import TABLES

TITLE = gettext_lazy("GovLab open data")
ABOUT = gettext_lazy(
    "Public services that Thai agencies redesign together with the people they serve in GovLab, the government "
    "innovation lab: cohorts, projects and their four stages, agencies, progress, indicators, meetings with their "
    "resolutions and assignments, innovations, and what the public said."
)
COMES_FROM = gettext_lazy(
    "Published documents and minutes, named with each record; what agencies report and OPDC staff approve; "
    "what visitors of the portal write."
)
OWNER = gettext_lazy("Office of the Public Sector Development Commission (OPDC)")
LICENCE = "Creative Commons Attribution 4.0 International (CC BY 4.0)"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
LICENCE_TELLS = gettext_lazy(
    "You may copy, pass on, change and build on the data, for any purpose, if you name the source: "
    "GovLab, OPDC, with the address of this page and the day on which you took the data."
)
LIMITS = (
    gettext_lazy("Documents, pictures and files of others are not part of it, nor are names and signs of agencies."),
    gettext_lazy("It holds only what is published; no column is for names of people or for how to reach them."),
    gettext_lazy(
        "Rows with true in the column demo are demonstration data, invented to show how the portal works. "
        "Leave them out of any analysis."
    ),
    gettext_lazy("An empty cell says that nobody stated it, never zero or no."),
)
READING = (
    gettext_lazy(
        "CSV: UTF-8 with a byte order mark, columns parted by commas, headings as programs read them. A text that "
        "spreadsheets would take for a formula has an apostrophe before it; take it away when you read it by program."
    ),
    gettext_lazy("JSON: a list of objects with the same names; null for what nobody stated; lists where several fit."),
    gettext_lazy("Excel: headings, choices and dates as people read them, in Thai or in English."),
    gettext_lazy("Days and times are those of Thailand (UTC+7), years of cohorts and meetings of the Buddhist Era."),
)


def page_address() -> str:
    """The page of the open data, whole, in the active language."""
    return settings.PORTAL_URL + reverse("public:data")


def checksums(files: Mapping[str, File], called: Any) -> str:
    """SHA-256 of files as `sha256sum --check` reads it, each by the name that `called` gives it; "" leaves one out."""
    named = ((called(name), file.sha256) for name, file in files.items())
    return "".join(f"{sha256}  {name}\n" for name, sha256 in named if name)


def enclosed(
    tables: Mapping[str, Counted], files: Mapping[str, File], until: datetime | None, called: Any
) -> dict[str, str]:
    """The texts in the zip, by their names: what it is, the licence, checksums."""
    told = []
    for language in ("th", "en"):
        with override(language):
            told.append("\n".join(_lines(tables, until)))
    return {
        "README.txt": "\ufeff" + ("\n\n" + "=" * 80 + "\n\n").join(told) + "\n",
        "LICENCE.txt": "\ufeff" + _licence(),
        "checksums.sha256": checksums(files, called),
    }


def _licence() -> str:
    told = []
    for language in ("th", "en"):
        with override(language):
            told.append("\n".join([LICENCE, LICENCE_URL, "", str(LICENCE_TELLS), str(LIMITS[0])]))
    return "\n\n".join(told) + "\n"


def _lines(tables: Mapping[str, Counted], until: datetime | None) -> list[str]:
    day = format_date(timezone.localdate(until), "long") if until else _("not known")
    lines = [str(TITLE), str(OWNER), page_address(), ""]
    lines += [str(ABOUT), "", _("Last change of a row: %(day)s") % {"day": day}]
    lines += [f"{_('Licence')}: {LICENCE}, {LICENCE_URL}", str(LICENCE_TELLS), ""]
    lines += [_("How to read the files"), *(f"- {each}" for each in (*READING, *LIMITS)), ""]
    lines += [_("Types of columns"), *(f"- {kind}: {says}" for kind, says in TYPES.items()), ""]
    lines += [_("Tables; the dictionary names every column"), ""]
    for name, counted in tables.items():
        rows = _("%(n)s rows") % {"n": f"{counted.rows:,}"}
        lines.append(f"{name}: {TABLES[name].label} ({rows}). {TABLES[name].about}")
    return lines
