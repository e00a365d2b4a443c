"""What staff do with an update: begin its review, approve it or many, return it, take an approval back, comment."""

import hashlib
import uuid
from functools import cached_property
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.doors import DeskDoor
from govlab.doors import RuleButton, RuleForm, SentBefore, digest_of, first_time, sentences
from govlab.history import Gone, Stale
from govlab.models import Once
from projects.desk.updates import UpdateDoor
from projects.forms.comments import DeskCommentForm
from projects.models import Comment, ProgressUpdate
from projects.rules import comments, reviews
from projects.timeline import COLUMNS, ELSEWHERE, label

MOST = 50
"""How many updates are approved at once: as many as the desk's first page shows."""


class UpdateButton(UpdateDoor, RuleButton):
    """One verb on one update; afterwards, and when it is refused, the update's page."""

    def next_page(self, result: ProgressUpdate) -> str:
        """The update."""
        return self.own_page()

    def back_page(self) -> str:
        """The update."""
        return self.own_page()


class UpdateOpen(UpdateButton):
    """Begins the review; whoever comes second reads along."""

    def rule(self, **answers: Any) -> ProgressUpdate:
        """Opens it, in whatever version it is: nothing is decided yet."""
        return reviews.open_(self.found(), by=self.person)


class UpdateApprove(UpdateButton):
    """Accepts the update, in the version that was read."""

    done_message = gettext_lazy("The update is approved. The project's page shows where it stands now.")

    def rule(self, **answers: Any) -> ProgressUpdate:
        """Approves it."""
        return reviews.approve(self.found(), by=self.person, version=self.version())

    def next_page(self, result: ProgressUpdate) -> str:
        """Back to what waits."""
        return reverse("desk:home")


class UpdateForm(UpdateDoor, RuleForm):
    """A form about one update, with the way back to it."""

    template_name = "desk/form.html"

    def find(self) -> Any:
        """The update."""
        return self.found()

    def context(self) -> dict[str, Any]:
        """The way back."""
        return {"intro": self.thing, "back": self.own_page(), "crumbs": self.crumbs(self.thing, self.title)}

    def next_page(self, result: Any) -> str:
        """Back to what waits."""
        return reverse("desk:home")


class ReturnForm(forms.Form):
    """Why an update goes back, for the whole of it and for single answers."""

    reason = forms.CharField(
        label=gettext_lazy("What should be corrected?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("The agency reads this above its update."),
        error_messages={"required": gettext_lazy("Say what should be corrected, so that the agency knows.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in (*COLUMNS, *ELSEWHERE):
            note = forms.CharField(
                label=label(name), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
            )
            self.fields[f"note_{name}"] = note

    @property
    def notes(self) -> list[forms.BoundField]:
        """The fields for notes on single answers."""
        return [field for field in self if field.name.startswith("note_")]

    @property
    def noted(self) -> bool:
        """Whether anything stands in one of them."""
        return any(field.value() for field in self.notes)


class UpdateReturn(UpdateForm):
    """Sends the update back with the reason."""

    form_class = ReturnForm
    template_name = "desk/updates/return.html"
    title = gettext_lazy("Return the update for correction")
    button = gettext_lazy("Return it to the agency")
    done_message = gettext_lazy("The update went back to the agency with your reason.")

    def rule(self, **answers: Any) -> ProgressUpdate:
        """Returns it."""
        notes = {name: answers.pop(f"note_{name}") for name in (*COLUMNS, *ELSEWHERE)}
        return reviews.return_(self.thing, by=self.person, notes=notes, **answers)


class TakeBackForm(forms.Form):
    """Why an approval is taken back."""

    reason = forms.CharField(
        label=gettext_lazy("Why is the approval taken back?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("The agency reads it. The public no longer sees the update, and the stage follows."),
        error_messages={"required": gettext_lazy("Give the reason, so that the agency and your colleagues know.")},
    )


class UpdateTakeBack(UpdateForm):
    """Takes an approval back with the reason."""

    form_class = TakeBackForm
    title = gettext_lazy("Take the approval back")
    button = gettext_lazy("Take the approval back")
    done_message = gettext_lazy("The approval is taken back. The update waits for review again.")

    def rule(self, **answers: Any) -> ProgressUpdate:
        """Takes it back."""
        return reviews.take_back(self.thing, by=self.person, **answers)

    def next_page(self, result: Any) -> str:
        """The update, which waits for review again."""
        return self.own_page()


class UpdateComment(UpdateForm):
    """A comment to the agency, or among staff; the update's page has the form, this page shows it again when needed."""

    form_class = DeskCommentForm
    title = gettext_lazy("Comment on the update")
    button = gettext_lazy("Send the comment")
    done_message = gettext_lazy("The comment is sent.")

    def find(self) -> None:
        """A comment is always a new one."""
        self.update = self.found()

    def context(self) -> dict[str, Any]:
        """The way back."""
        return {"intro": self.update, "back": self.own_page(), "crumbs": self.crumbs(self.update, self.title)}

    def rule(self, **answers: Any) -> Comment:
        """Says it."""
        return comments.add(self.update, by=self.person, **answers)

    def next_page(self, result: Any) -> str:
        """The update, where the comments stand."""
        return f"{self.own_page()}#timeline"


class ApproveMany(DeskDoor, RuleButton):
    """Approves those that were ticked, each in the version that stood in the list; a page then says what came of each.

    What came of it is noted with the form's key, so that a second click and a reload show the same page.
    """

    @cached_property
    def form_key(self) -> str:
        """The form's key, as letters and digits of an address; a new one for whoever sends none."""
        return hashlib.sha256(f"approve:{self.key() or uuid.uuid4().hex}".encode()).hexdigest()

    def chosen(self) -> list[tuple[ProgressUpdate, int]]:
        """What was ticked, as `number:version`; what this person may not see is not there."""
        ticked = [value.partition(":") for value in self.request.POST.getlist("update")[:MOST]]
        asked = {int(pk): int(version) for pk, _colon, version in ticked if _is_number(pk) and _is_number(version)}
        rows = ProgressUpdate.objects.visible_to(self.person).select_related("project", "agency")
        known = rows.prefetch_related("evidence", "readings", "comments").in_bulk(asked)
        return [(known[pk], version) for pk, version in asked.items() if pk in known]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Approves them, and leads to what came of it."""
        chosen = self.chosen()
        if not chosen:
            messages.error(request, _("Nothing was ticked. Tick the updates that you approve."))
            return redirect("desk:home")
        try:
            with transaction.atomic():
                once = first_time(self.person, self.form_key, digest_of(request))
                results = reviews.approve_many(chosen, by=self.person)
                once.answer = {"to": self.next_page(None), "rows": [told(*result) for result in results]}
                once.save()
        except SentBefore as before:
            if not before.same:
                messages.error(request, _("This list was sent before. Here is what came of it; tick the others again."))
            return redirect(before.answer["to"])
        return redirect(self.next_page(None))

    def next_page(self, result: Any) -> str:
        """What came of it."""
        return reverse("desk:update-approved", kwargs={"key": self.form_key})


def _is_number(typed: str) -> bool:
    """Whether it can be a key or a version."""
    return typed.isascii() and typed.isdigit() and len(typed) < 19


def told(update: ProgressUpdate, refused: reviews.Refusal | None) -> dict[str, Any]:
    """What came of one of many, as plain values."""
    return {"pk": update.pk, "title": str(update), "code": update.project.code, "why": why(refused)}


def why(refused: reviews.Refusal | None) -> str:
    """A refusal in a sentence; "" when there was none."""
    if isinstance(refused, Stale):
        return _("Somebody changed this since you opened it. Look at it again, then decide.")
    if isinstance(refused, Gone):
        return _("It is no longer there.")
    if isinstance(refused, ValidationError):
        return " ".join(sentences(refused))
    return str(refused or "")


class Approved(DeskDoor):
    """What came of approving many."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """The page; only for whoever sent the list."""
        once = Once.objects.filter(user=self.person, key=key).first()
        if once is None or "rows" not in once.answer:
            raise Http404
        rows = once.answer["rows"]
        context = {
            "title": _("What was approved"),
            "approved": [row for row in rows if not row["why"]],
            "refused": [row for row in rows if row["why"]],
            "crumbs": [(reverse("desk:home"), _("Desk")), ("", _("What was approved"))],
        }
        return render(request, "desk/updates/approved.html", context)
