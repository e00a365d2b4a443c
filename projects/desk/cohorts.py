"""Cohorts on the desk: the list, add, edit."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.doors import DeskDoor
from agencies.rules import records
from govlab.doors import RuleForm
from projects.exchange.small_lists import COHORT_LIST
from projects.exchange.taking import take
from projects.models import Cohort


class CohortForm(forms.ModelForm):
    """What staff say about a cohort."""

    class Meta:
        model = Cohort
        fields = ["year", "supported_by", "about_th", "about_en", "sources"]
        widgets = {"supported_by": forms.CheckboxSelectMultiple, "sources": forms.CheckboxSelectMultiple}


class CohortList(DeskDoor):
    """Every cohort."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list, newest first."""
        cohorts = Cohort.objects.prefetch_related("supported_by")
        if file := take(request, COHORT_LIST, cohorts):
            return file
        return render(request, "desk/cohorts/list.html", {"cohorts": cohorts})


class CohortAsking(DeskDoor, RuleForm):
    """What adding and editing have in common."""

    form_class = CohortForm
    template_name = "desk/form.html"
    done_message = _("The cohort is saved.")
    button = _("Save the cohort")

    def context(self) -> dict[str, Any]:
        """The way back to the list."""
        back = reverse("desk:cohort-list")
        return {"back": back, "crumbs": [(back, _("Cohorts")), ("", self.title)]}

    def next_page(self, result: Cohort) -> str:
        """Back to the list."""
        return reverse("desk:cohort-list")


class CohortAdd(CohortAsking):
    """A new cohort."""

    title = _("Add a cohort")

    def rule(self, **answers: Any) -> Cohort:
        """Adds it."""
        return records.add(Cohort, by=self.person, **answers)


class CohortEdit(CohortAsking):
    """A cohort that is there."""

    title = _("Edit a cohort")

    def find(self) -> Cohort:
        """By its year."""
        return get_object_or_404(Cohort, year=self.kwargs["year"])

    def rule(self, **answers: Any) -> Cohort:
        """Changes it."""
        return records.edit(self.thing, by=self.person, **answers)
