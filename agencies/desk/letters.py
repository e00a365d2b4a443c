"""The outbox on the desk: every letter the portal wrote, how far it is, and the button that sends it again."""

from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.doors import DeskDoor
from agencies.rules import letters
from govlab import outbox
from govlab.doors import RuleButton
from govlab.models import Letter, LetterState
from govlab.paging import page_of

PAGE = 50


class LetterForm(forms.Form):
    """What the list of letters is narrowed to."""

    q = forms.CharField(label=_("Name, e-mail or subject"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *LetterState.choices])


class LetterList(DeskDoor):
    """Every letter, the newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list, filtered and in pages; on top, how many could not be sent."""
        form = LetterForm(request.GET)
        form.is_valid()
        rows = Letter.objects.select_related("user", "within")
        if words := form.cleaned_data.get("q"):
            # Nobody finds out by searching who follows what.
            address = Q(address__icontains=words, leave="")
            rows = rows.filter(Q(user__name__icontains=words) | address | Q(subject__icontains=words))
        if state := form.cleaned_data.get("state"):
            rows = rows.filter(state=state)
        page = page_of(request, rows, PAGE)
        context = {
            "title": _("Letters"),
            "form": form,
            "failed_count": Letter.objects.filter(state=LetterState.FAILED).count(),
            "page_obj": page,
            "letters": page.object_list,
        }
        return render(request, "desk/letters/list.html", context, status=page.status)


class LetterDoor(DeskDoor):
    """A door about one letter."""

    def found(self) -> Letter:
        """The letter that the address names."""
        return get_object_or_404(Letter.objects.select_related("user", "within"), pk=self.kwargs["pk"])


class LetterDetail(LetterDoor):
    """One letter as it reads, and what became of it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page. The text alone is shown: the HTML is made of it and says the same."""
        letter = self.found()
        context: dict[str, Any] = {
            "letter": letter,
            "trouble": outbox.trouble_in_words(letter),
            "parts": letter.parts.order_by("created_at", "pk"),
            "may_resend": letters.refusal(letter) is None,
            "crumbs": [(reverse("desk:letter-list"), _("Letters")), ("", letter.subject)],
        }
        return render(request, "desk/letters/detail.html", context)


class LetterResend(LetterDoor, RuleButton):
    """Sends a letter again."""

    done_message = _("The letter goes out again within a minute.")

    def rule(self, **answers: Any) -> Letter:
        """Puts it back into the outbox."""
        return letters.resend(self.found(), by=self.person)

    def next_page(self, result: Letter) -> str:
        """The letter that goes out."""
        return reverse("desk:letter-detail", args=[result.pk])

    def back_page(self) -> str:
        """The letter."""
        return reverse("desk:letter-detail", args=[self.kwargs["pk"]])
