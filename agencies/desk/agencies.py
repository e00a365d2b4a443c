"""Agencies on the desk: the list, one agency with its people, add, edit."""

from typing import Any

from django import forms
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.doors import DeskDoor
from agencies.filters import AgencyFilter
from agencies.models import Agency
from agencies.rules import records
from govlab.doors import RuleForm
from govlab.paging import page_of


class AgencyForm(forms.ModelForm):
    """What staff say about an agency."""

    class Meta:
        model = Agency
        fields = ["key", "name_th", "name_en", "short_th", "short_en", "kind", "parent", "quota_mb", "sources"]
        widgets = {"sources": forms.CheckboxSelectMultiple}


class AgencyList(DeskDoor):
    """Every agency."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list, filtered and in pages."""
        rows = Agency.objects.select_related("parent").annotate(people=Count("memberships")).order_by("sort_key", "pk")
        found = AgencyFilter(request.GET, rows)
        page = page_of(request, found.qs, 50)
        context = {"title": _("Agencies"), "filter": found, "page_obj": page, "agencies": page.object_list}
        return render(request, "desk/agencies/list.html", context, status=page.status)


class AgencyDoor(DeskDoor):
    """A door about one agency."""

    def found(self) -> Agency:
        """The agency that the address names."""
        return get_object_or_404(Agency.objects.select_related("parent"), key=self.kwargs["key"])


class AgencyDetail(AgencyDoor):
    """One agency with its people."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """The page."""
        agency = self.found()
        context = {
            "agency": agency,
            "people": agency.memberships.select_related("user"),
            "children": agency.children.all(),
            "sources": agency.sources.all(),
            "crumbs": [(reverse("desk:agency-list"), _("Agencies")), ("", agency.short)],
        }
        return render(request, "desk/agencies/detail.html", context)


class AgencyAdd(DeskDoor, RuleForm):
    """A new agency."""

    form_class = AgencyForm
    template_name = "desk/form.html"
    title = _("Add an agency")
    button = _("Save the agency")
    done_message = _("The agency is saved.")

    def context(self) -> dict[str, Any]:
        """The way back to the list."""
        back = reverse("desk:agency-list")
        return {"back": back, "crumbs": [(back, _("Agencies")), ("", self.title)]}

    def rule(self, **answers: Any) -> Agency:
        """Adds it."""
        return records.add(Agency, by=self.person, **answers)

    def next_page(self, result: Agency) -> str:
        """The new agency."""
        return reverse("desk:agency-detail", kwargs={"key": result.key})


class AgencyEdit(AgencyDoor, RuleForm):
    """An agency that is there."""

    form_class = AgencyForm
    template_name = "desk/form.html"
    title = _("Edit the agency")
    button = _("Save the agency")
    done_message = _("The agency is saved.")

    def find(self) -> Agency:
        """By its address name."""
        return self.found()

    def context(self) -> dict[str, Any]:
        """The way back to the agency."""
        back = reverse("desk:agency-detail", kwargs={"key": self.kwargs["key"]})
        crumbs = [(reverse("desk:agency-list"), _("Agencies")), (back, self.kwargs["key"]), ("", self.title)]
        return {"back": back, "crumbs": crumbs}

    def rule(self, **answers: Any) -> Agency:
        """Changes it."""
        return records.edit(self.thing, by=self.person, **answers)

    def next_page(self, result: Agency) -> str:
        """The agency, under its address as it is now."""
        return reverse("desk:agency-detail", kwargs={"key": result.key})
