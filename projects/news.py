"""News: what really happened, read from the records and their history, never written by hand and never unpublished."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from govlab.thai import pick
from projects.happened import COLUMNS, rows

KINDS: dict[str, Any] = {
    "update": _("Progress"),
    "meeting": _("Meeting held"),
    "minutes": _("Minutes adopted"),
    "project": _("New project"),
    "innovation": _("New in the library"),
    "call": _("Question to the public"),
    "theme": _("You said, we did"),
}
"""What an entry tells of, in the order of the page's filter."""


@dataclass(frozen=True)
class Entry:
    """One thing that happened: `on` its day (Bangkok's), `at` the moment from which everybody could read of it."""

    kind: str
    pk: str
    on: date
    at: datetime
    title_th: str
    title_en: str
    text_th: str
    text_en: str
    numbered: str
    """Of a committee's meeting its number and Buddhist year, 3/2564: then the title is the series' name."""
    key: str
    """What stands in its address."""
    project: str
    """The code of the project it is about; "" for what is about none that everybody may see."""
    project_th: str
    project_en: str
    agency_th: str
    agency_en: str
    stage: int | None
    demo: bool

    @property
    def title(self) -> str:
        """Its headline in the active language."""
        number, _slash, year = self.numbered.partition("/")
        nth = gettext("Meeting %(number)s/%(year)s") % {"number": number, "year": year} if number else ""
        return " ".join(f"{pick(self, 'title')} {nth}".split())

    @property
    def text(self) -> str:
        """What is told of it, in the active language; "" when nothing is."""
        return pick(self, "text")

    @property
    def label(self) -> str:
        """What kind of thing it is."""
        return str(KINDS[self.kind])

    @property
    def url(self) -> str:
        """Where it can be read, in the active language."""
        names = {"minutes": "meeting", "update": "project", "theme": "call"}
        address = reverse(f"public:{names.get(self.kind, self.kind)}-detail", args=[self.key])
        return f"{address}#{self.kind}-{self.pk}" if self.kind in ("update", "theme") else address

    @property
    def name(self) -> str:
        """What it is called for ever: `update/17`."""
        return f"{self.kind}/{self.pk}"


def entries(found: Iterable[Any]) -> list[Entry]:
    """The rows of `rows` as entries."""
    return [Entry(**{name: row[f"n_{name}"] for name in COLUMNS}) for row in found]


def latest(person: Any, n: int, **narrowed: Any) -> list[Entry]:
    """The `n` newest entries, in one query; `person` is whoever reads them: everybody reads the same."""
    return entries(rows(**narrowed, most=n))
