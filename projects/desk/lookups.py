"""The short lists that records choose from, and the sources: one set of doors for all of them."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.doors import DeskDoor
from agencies.models import Source
from agencies.rules import records
from govlab.fields import ThaiDateField
from govlab.paging import page_of
from projects.desk.pages import PageDoor, PageForm, PageRemove
from projects.exchange.small_lists import choices
from projects.exchange.taking import take
from projects.models import Cohort, Facet, InnovationType, Lab, MeetingSeries, Principle, ServiceField, Synonyms

LOOKUP = ["key", "position", "name_th", "name_en", "about_th", "about_en", "sources"]
SOURCE = ["key", "title_th", "title_en", "publisher_th", "publisher_en", "published_on", "url"]


class LookupForm(forms.ModelForm):
    """One choice of a short list; a name in at least one language."""

    class Meta:
        fields = LOOKUP
        widgets = {
            "about_th": forms.Textarea(attrs={"rows": 4}),
            "about_en": forms.Textarea(attrs={"rows": 4}),
            "sources": forms.CheckboxSelectMultiple,
        }
        help_texts = {"position": _("Smaller numbers stand first.")}


class SourceForm(forms.ModelForm):
    """A document in which facts stand."""

    class Meta:
        fields = SOURCE
        field_classes = {"published_on": ThaiDateField, "url": partial(forms.URLField, assume_scheme="https")}
        help_texts = {"key": _("Latin letters, digits and hyphens.")}


@dataclass(frozen=True)
class Table:
    """One list: its model and the form that asks for a row."""

    model: Any
    form: Any

    @property
    def name(self) -> str:
        """The list's name as a title."""
        return capfirst(str(self.model._meta.verbose_name_plural))

    def rows(self) -> QuerySet[Any]:
        """Every row, in the list's order."""
        return self.model._default_manager.all()


def _table(model: Any, form: Any) -> Table:
    return Table(model, forms.modelform_factory(model, form=form))


TABLES = {
    "fields": _table(ServiceField, LookupForm),
    "types": _table(InnovationType, LookupForm),
    "labs": _table(Lab, LookupForm),
    "facets": _table(Facet, LookupForm),
    "principles": _table(Principle, LookupForm),
    "sources": _table(Source, SourceForm),
}


class LookupList(DeskDoor):
    """The lists that there are."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Each list with the number of its rows."""
        tables = [
            {"url": reverse("desk:lookup-table", args=[key]), "name": table.name, "count": table.rows().count()}
            for key, table in TABLES.items()
        ]
        cohorts = {
            "url": reverse("desk:cohort-list"),
            "name": capfirst(str(Cohort._meta.verbose_name_plural)),
            "count": Cohort.objects.count(),
        }
        series = {
            "url": reverse("desk:series-list"),
            "name": capfirst(str(MeetingSeries._meta.verbose_name_plural)),
            "count": MeetingSeries.objects.count(),
        }
        synonyms = {
            "url": reverse("desk:synonyms-list"),
            "name": capfirst(str(Synonyms._meta.verbose_name_plural)),
            "count": Synonyms.objects.count(),
        }
        return render(request, "desk/lookups/list.html", {"tables": [cohorts, *tables, series, synonyms]})


class LookupDoor(PageDoor):
    """A door about one list."""

    @property
    def table(self) -> Table:
        """The list that the address names."""
        try:
            return TABLES[self.kwargs["table"]]
        except KeyError:
            raise Http404 from None

    def row(self) -> Any:
        """The row that the address names."""
        return get_object_or_404(self.table.model, pk=self.kwargs["pk"])

    def own_page(self) -> str:
        """The list."""
        return reverse("desk:lookup-table", args=[self.kwargs["table"]])

    def crumbs(self, title: Any) -> list[tuple[str, Any]]:
        """The way from all lists to a row."""
        return [(reverse("desk:lookup-list"), _("Lists")), (self.own_page(), self.table.name), ("", title)]


class LookupTable(LookupDoor):
    """One list."""

    def get(self, request: HttpRequest, table: str) -> HttpResponse:
        """Its rows, in pages."""
        if file := take(request, choices(self.table.name, self.table.model), self.table.rows()):
            return file
        page = page_of(request, self.table.rows(), 100)
        context = {"table": self.table, "key": table, "page_obj": page, "rows": page.object_list}
        context["crumbs"] = [(reverse("desk:lookup-list"), _("Lists")), ("", self.table.name)]
        return render(request, "desk/lookups/table.html", context, status=page.status)


class LookupAsking(LookupDoor, PageForm):
    """What adding and editing have in common."""

    button = _("Save the row")
    done_message = _("The list is saved.")

    @property
    def form_class(self) -> Any:  # type: ignore[override]
        """The form of this list."""
        return self.table.form


class LookupAdd(LookupAsking):
    """A new row."""

    @property
    def title(self) -> str:
        """Which list it is for."""
        return gettext("Add to the list: %(list)s") % {"list": self.table.name}

    def rule(self, **answers: Any) -> Any:
        """Adds it."""
        return records.add(self.table.model, by=self.person, **answers)


class LookupEdit(LookupAsking):
    """A row that is there."""

    @property
    def title(self) -> str:
        """Which list it is of."""
        return gettext("Edit a row of the list: %(list)s") % {"list": self.table.name}

    def find(self) -> Any:
        """The row."""
        return self.row()

    def rule(self, **answers: Any) -> Any:
        """Changes it."""
        return records.edit(self.thing, by=self.person, **answers)


class LookupRemove(LookupDoor, PageRemove):
    """Takes a row out of its list."""

    button = _("Remove it from the list")
    done_message = _("The row is removed from the list.")

    def question(self, row: Any) -> dict[str, Any]:
        """What will happen."""
        return {
            "title": gettext("Remove “%(name)s” from the list?") % {"name": row},
            "intro": _("This is refused while a record uses it."),
        }
