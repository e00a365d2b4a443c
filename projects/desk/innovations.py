"""The library of innovations on the desk: the list, one entry, add, edit, publish, hide, remove."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.doors import DeskDoor
from agencies.rules import records
from govlab.doors import RuleForm
from govlab.filters import Choice
from govlab.paging import page_of
from projects.desk.pages import PageDoor, PageForm
from projects.desk.publishing import Hide, Publish, RemoveDraft
from projects.exchange import desk_tables
from projects.exchange.taking import take
from projects.filters import InnovationFilter
from projects.models import Innovation, Proposal, PublishState
from projects.models.countries import country_choices, country_name
from projects.models.innovations import TOLD
from projects.rules import publishing

PAGE = 50


class InnovationForm(forms.ModelForm):
    """What staff say about an innovation."""

    country = forms.ChoiceField(label=_("Country"), required=False)

    class Meta:
        model = Innovation
        fields = [
            *("title_th", "title_en", *TOLD, "types", "country", "agency", "project", "sources"),
        ]
        widgets = {
            **{name: forms.Textarea(attrs={"rows": 6 if name.startswith("about") else 3}) for name in TOLD},
            "types": forms.CheckboxSelectMultiple,
            "sources": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["country"]
        field.choices = country_choices(self.instance.country)


class DeskInnovationFilter(InnovationFilter):
    """What everybody filters innovations by, and whether the public sees them."""

    state = Choice(label=_("Visibility"), choices=PublishState.choices)


class InnovationList(DeskDoor):
    """Every entry of the library."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list, in Thai order."""
        rows = Innovation.objects.visible_to(self.person).select_related("agency").prefetch_related("types")
        chosen = DeskInnovationFilter(request.GET, queryset=rows)
        if file := take(request, desk_tables.INNOVATIONS, chosen.qs, asked=chosen):
            return file
        page = page_of(request, chosen.qs, PAGE)
        context = {
            "title": _("Innovation library"),
            "filter": chosen,
            "page_obj": page,
            "rows": [(row, country_name(row.country)) for row in page],
            "proposals_count": Proposal.objects.visible_to(self.person).waiting().count(),
        }
        return render(request, "desk/innovations/list.html", context, status=page.status)


class InnovationDoor(PageDoor):
    """A door about one entry."""

    def found(self) -> Innovation:
        """The entry that the address names."""
        rows = Innovation.objects.visible_to(self.person).select_related("agency", "project")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def own_page(self) -> str:
        """The page of the entry."""
        return reverse("desk:innovation-detail", args=[self.kwargs["pk"]])

    def crumbs(self, title: Any) -> list[tuple[str, Any]]:
        """The way from the library over the entry."""
        return [
            (reverse("desk:innovation-list"), _("Innovation library")),
            (self.own_page(), _("Innovation")),
            ("", title),
        ]


class InnovationDetail(InnovationDoor):
    """One entry of the library."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page."""
        thing = self.found()
        context = {
            "innovation": thing,
            "country": country_name(thing.country),
            "types": thing.types.all(),
            "sources": thing.sources.all(),
            "steps": publishing.open_steps(self.person, thing),
            "crumbs": [(reverse("desk:innovation-list"), _("Innovation library")), ("", thing)],
        }
        return render(request, "desk/innovations/detail.html", context)


class InnovationAdd(DeskDoor, RuleForm):
    """A new entry, as a draft."""

    form_class = InnovationForm
    template_name = "desk/form.html"
    title = _("Add an innovation")
    button = _("Save the innovation")
    done_message = _("The innovation is saved.")

    def context(self) -> dict[str, Any]:
        """The way back to the library."""
        back = reverse("desk:innovation-list")
        return {"back": back, "crumbs": [(back, _("Innovation library")), ("", self.title)]}

    def rule(self, **answers: Any) -> Innovation:
        """Adds it."""
        return records.add(Innovation, by=self.person, **answers)

    def next_page(self, result: Innovation) -> str:
        """Its page."""
        return reverse("desk:innovation-detail", args=[result.pk])


class InnovationEdit(InnovationDoor, PageForm):
    """An entry that is there."""

    form_class = InnovationForm
    title = _("Edit an innovation")
    button = _("Save the innovation")
    done_message = _("The innovation is saved.")

    def find(self) -> Innovation:
        """By its number."""
        return self.found()

    def rule(self, **answers: Any) -> Innovation:
        """Changes it."""
        return records.edit(self.thing, by=self.person, **answers)


class InnovationPublish(InnovationDoor, Publish):
    """Shows an entry to the public."""


class InnovationHide(InnovationDoor, Hide):
    """Takes an entry off the public pages."""


class InnovationRemove(InnovationDoor, RemoveDraft):
    """Takes a draft out."""

    list_page = "desk:innovation-list"
