"""Words that mean the same, on the desk: the groups, and what the search makes of a word."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.rules import records
from govlab.asking import LONGEST
from govlab.paging import page_of
from projects.desk.pages import PageDoor, PageForm, PageRemove
from projects.exchange import desk_tables
from projects.exchange.taking import take
from projects.models import Synonyms
from projects.search import expanded

PAGE = 50
NAME = _("Words that mean the same")


class SynonymsForm(forms.ModelForm):
    """One group."""

    class Meta:
        model = Synonyms
        fields = ["words"]
        widgets = {"words": forms.Textarea(attrs={"rows": 8})}


class TryForm(forms.Form):
    """A word to try out."""

    q = forms.CharField(label=_("What somebody types"), max_length=LONGEST, required=False)


class SynonymsDoor(PageDoor):
    """A door about the groups."""

    def own_page(self) -> str:
        """The list of groups."""
        return reverse("desk:synonyms-list")

    def row(self) -> Synonyms:
        """The group that the address names."""
        return get_object_or_404(Synonyms.objects.visible_to(self.person), pk=self.kwargs["pk"])

    def crumbs(self, title: Any) -> list[tuple[str, Any]]:
        """The way from all lists over the groups."""
        return [(reverse("desk:lookup-list"), _("Lists")), (self.own_page(), NAME), ("", title)]


class SynonymsList(SynonymsDoor):
    """Every group, and a box to try a word."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The groups; with `q` those that hold the word, and what the search looks for."""
        form = TryForm(request.GET)
        typed = form.cleaned_data["q"] if form.is_valid() else ""
        rows = Synonyms.objects.visible_to(self.person)
        asked = expanded(typed)
        if file := take(request, desk_tables.SYNONYMS, rows):
            return file
        page = page_of(request, rows, PAGE)
        context = {
            "title": NAME,
            "form": form,
            "typed": typed,
            "asked": asked,
            "page_obj": page,
            "rows": page.object_list,
            "crumbs": [(reverse("desk:lookup-list"), _("Lists")), ("", NAME)],
        }
        return render(request, "desk/synonyms/list.html", context, status=page.status)


class SynonymsAdd(SynonymsDoor, PageForm):
    """A new group."""

    form_class = SynonymsForm
    title = _("Add words that mean the same")
    button = _("Save the words")
    done_message = _("The words are saved. The search knows them at once.")

    def rule(self, **answers: Any) -> Synonyms:
        """Adds it."""
        return records.add(Synonyms, by=self.person, **answers)


class SynonymsEdit(SynonymsDoor, PageForm):
    """A group that is there."""

    form_class = SynonymsForm
    title = _("Edit words that mean the same")
    button = _("Save the words")
    done_message = _("The words are saved. The search knows them at once.")

    def find(self) -> Synonyms:
        """By its number."""
        return self.row()

    def rule(self, **answers: Any) -> Synonyms:
        """Changes it."""
        return records.edit(self.thing, by=self.person, **answers)


class SynonymsRemove(SynonymsDoor, PageRemove):
    """Takes a group out."""

    button = _("Remove the words")
    done_message = _("The words are removed.")

    def question(self, row: Synonyms) -> dict[str, Any]:
        """Which group it is."""
        intro = _("The search then finds each of these words only as it is written.")
        return {"title": _("Remove these words?"), "what": row, "intro": intro}
