"""The library of innovations on the desk: the list, one entry, add, edit, publish, hide, remove."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.doors import DeskDoor
from agencies.rules import records
from govlab.doors import RuleButton, RuleConfirm, RuleForm
from govlab.filters import Choice
from govlab.paging import page_of
from projects.countries import country_choices, country_name
from projects.filters import InnovationFilter
from projects.models import Innovation, PublishState
from projects.rules import publishing

PAGE = 50


class InnovationForm(forms.ModelForm):
    """What staff say about an innovation."""

    country = forms.ChoiceField(label=_("Country"), required=False)

    class Meta:
        model = Innovation
        fields = [
            *("title_th", "title_en", "about_th", "about_en", "types", "country", "agency", "project", "sources"),
        ]
        widgets = {
            "about_th": forms.Textarea(attrs={"rows": 6}),
            "about_en": forms.Textarea(attrs={"rows": 6}),
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
        page = page_of(request, chosen.qs, PAGE)
        context = {
            "filter": chosen,
            "page_obj": page,
            "rows": [(row, country_name(row.country)) for row in page],
        }
        return render(request, "desk/innovations/list.html", context, status=page.status)


class OneInnovation(DeskDoor):
    """What the doors of one entry have in common."""

    def find(self) -> Innovation:
        """By its number."""
        rows = Innovation.objects.visible_to(self.person).select_related("agency", "project")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def own_page(self) -> str:
        """The page of the entry."""
        return reverse("desk:innovation-detail", args=[self.kwargs["pk"]])

    def next_page(self, result: Innovation) -> str:
        """Its page."""
        return reverse("desk:innovation-detail", args=[result.pk])

    def back_page(self) -> str:
        """Its page."""
        return self.own_page()


class InnovationDetail(OneInnovation):
    """One entry of the library."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page."""
        thing = self.find()
        context = {
            "innovation": thing,
            "country": country_name(thing.country),
            "types": thing.types.all(),
            "sources": thing.sources.all(),
            "steps": publishing.open_steps(self.person, thing),
            "is_draft": thing.state == PublishState.DRAFT,
            "is_public": thing.state == PublishState.PUBLISHED,
            "crumbs": [(reverse("desk:innovation-list"), _("Innovation library")), ("", thing)],
        }
        return render(request, "desk/innovations/detail.html", context)


class InnovationAsking(OneInnovation, RuleForm):
    """What adding and editing have in common."""

    form_class = InnovationForm
    template_name = "desk/form.html"
    button = _("Save the innovation")
    done_message = _("The innovation is saved.")

    def context(self) -> dict[str, Any]:
        """The way back."""
        library = reverse("desk:innovation-list")
        back = self.own_page() if self.thing else library
        between = [(back, _("Innovation"))] if self.thing else []
        return {"back": back, "crumbs": [(library, _("Innovation library")), *between, ("", self.title)]}


class InnovationAdd(InnovationAsking):
    """A new entry, as a draft."""

    title = _("Add an innovation")

    def find(self) -> Any:
        """Nothing yet."""
        return None

    def rule(self, **answers: Any) -> Innovation:
        """Adds it."""
        return records.add(Innovation, by=self.person, **answers)


class InnovationEdit(InnovationAsking):
    """An entry that is there."""

    title = _("Edit an innovation")

    def rule(self, **answers: Any) -> Innovation:
        """Changes it."""
        return records.edit(self.thing, by=self.person, **answers)


class InnovationPublish(OneInnovation, RuleButton):
    """Shows an entry to the public."""

    done_message = _("The public can read it now.")

    def rule(self, **answers: Any) -> Innovation:
        """Publishes it."""
        return publishing.publish(self.find(), by=self.person)


class InnovationHide(OneInnovation, RuleButton):
    """Takes an entry off the public pages."""

    done_message = _("The public no longer sees it.")

    def rule(self, **answers: Any) -> Innovation:
        """Hides it."""
        return publishing.hide(self.find(), by=self.person)


class InnovationRemove(OneInnovation, RuleConfirm):
    """Takes a draft out."""

    template_name = "desk/confirm.html"
    done_message = _("The draft is removed.")

    def context(self) -> dict[str, Any]:
        """The question."""
        thing = self.find()
        library = (reverse("desk:innovation-list"), _("Innovation library"))
        return {
            "title": _("Remove this draft?"),
            "what": thing,
            "intro": _("The history keeps what stood there."),
            "button": _("Remove the draft"),
            "back": self.own_page(),
            "crumbs": [library, (self.own_page(), thing)],
        }

    def rule(self, **answers: Any) -> None:
        """Removes it."""
        publishing.remove(self.find(), by=self.person)

    def next_page(self, result: None) -> str:  # type: ignore[override]
        """To the list: its own page is gone."""
        return reverse("desk:innovation-list")
