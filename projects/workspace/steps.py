"""What the agency does with an update it has written: send it, withdraw it, throw it away; a lead passes it on."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.doors import WorkspaceDoor
from govlab.autosave import form_address
from govlab.doors import RuleButton, RuleConfirm, RuleForm
from govlab.typed import own_rows, typed_for
from projects.models import ProgressUpdate
from projects.rules import updates
from projects.rules.steps import STEPS, refusal
from projects.workspace.updates import crumbs_of, find_update, sent_message


class StepDoor(WorkspaceDoor):
    """A door for one verb on one update of the agency."""

    verb = ""
    too_late: Any = gettext_lazy("This update has moved on. Here is where it stands.")
    """What stands above the update when the page of a question is opened and the moment is over."""

    def found(self) -> ProgressUpdate:
        """The update that the address names, as it stands now."""
        return find_update(self.person, self.kwargs["pk"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The question; or back, with a sentence, when it is not the moment. A 403 when it is not theirs to do."""
        refused = refusal(self.verb, self.person, self.found())
        if isinstance(refused, ValidationError):
            messages.error(request, self.too_late)
            return redirect(self.back_page())
        if refused:
            raise refused
        return super().get(request, *args, **kwargs)

    def crumbs(self, title: Any) -> list[tuple[str, Any]]:
        """The way back."""
        return [*crumbs_of(self.found().project)[:1], (self.back_page(), _("Update")), ("", title)]

    def form(self) -> str:
        """The address of the update's form."""
        return reverse("workspace:update-edit", args=[self.kwargs["pk"]])

    def next_page(self, result: Any) -> str:
        """The update."""
        return self.back_page()

    def back_page(self) -> str:
        """The update."""
        return reverse("workspace:update-detail", args=[self.kwargs["pk"]])


class UpdateSubmit(StepDoor, RuleButton):
    """Sends an update to OPDC, or to a lead of the agency first."""

    asks = typed = False
    """Whether it was refused because of a number that must be confirmed, or of text that is typed and not saved."""

    def rule(self, **answers: Any) -> ProgressUpdate:
        """Sends what the person has read, not what somebody changed since, and not past what they typed themselves."""
        if self.found().state in STEPS["edit"].before and typed_for(self.person, form_address(self.form())):
            self.typed = True
            sentence = _("You typed something here that is not saved yet. Look at it, then send it from here.")
            raise ValidationError(sentence)
        try:
            sent = updates.submit(self.found(), by=self.person, version=self.version())
        except ValidationError as error:
            self.asks = "readings" in getattr(error, "error_dict", {})
            raise
        self.done_message = sent_message(sent)
        return sent

    def back_page(self) -> str:
        """The update; the form when a number must be confirmed there, or text in it is not saved."""
        if self.typed:
            return self.form()
        if self.asks:
            return reverse("workspace:update-edit", args=[self.kwargs["pk"]], query={"sure": "ask"})
        return super().back_page()


class UpdatePassOn(StepDoor, RuleButton):
    """A lead sends on to OPDC what a reporter wrote."""

    done_message = gettext_lazy("The update is sent. OPDC staff will read it; you find the answer here.")

    def rule(self, **answers: Any) -> ProgressUpdate:
        """Passes on what the lead has read, not what somebody changed since."""
        return updates.pass_on(self.found(), by=self.person, version=self.version())


class HandBackForm(forms.Form):
    """Why a lead gives an update back to the reporter."""

    reason = forms.CharField(
        label=gettext_lazy("What should be corrected?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Your colleague reads this above the update."),
        error_messages={"required": gettext_lazy("Say what should be corrected, so that your colleague knows.")},
    )


class UpdateHandBack(StepDoor, RuleForm):
    """A lead gives an update back to the reporter, with the reason."""

    verb = "hand_back"
    form_class = HandBackForm
    template_name = "workspace/form.html"
    title = gettext_lazy("Hand the update back")
    button = gettext_lazy("Hand it back")
    done_message = gettext_lazy("The update is back with your colleague, with your reason.")

    def find(self) -> ProgressUpdate:
        """The update; what a reporter may not do is refused before the form is read."""
        update = self.found()
        refused = refusal(self.verb, self.person, update)
        if refused and not isinstance(refused, ValidationError):
            raise refused
        return update

    def context(self) -> dict[str, Any]:
        """Which update it is, and the way back."""
        return {"intro": self.thing, "back": self.back_page(), "crumbs": self.crumbs(self.title)}

    def rule(self, **answers: Any) -> ProgressUpdate:
        """Hands it back."""
        return updates.hand_back(self.thing, by=self.person, **answers)


class UpdateWithdraw(StepDoor, RuleConfirm):
    """Takes back what was sent, after a question."""

    verb = "withdraw"
    template_name = "workspace/confirm.html"
    done_message = gettext_lazy("The update is back with you. Change it and send it again.")
    too_late = gettext_lazy(
        "It can no longer be withdrawn: it was opened or decided in the meantime. Here is where it stands."
    )

    def context(self) -> dict[str, Any]:
        """What comes back."""
        update = self.found()
        return {
            "title": _("Withdraw “%(name)s”?") % {"name": update},
            "intro": _("It comes back to you as it is, and nobody reads it until you send it again."),
            "button": _("Withdraw the update"),
            "version": update.version,
            "back": self.back_page(),
            "crumbs": self.crumbs(_("Withdraw the update")),
        }

    def rule(self, **answers: Any) -> ProgressUpdate:
        """Withdraws it."""
        return updates.withdraw(self.found(), by=self.person, version=self.version())


class UpdateDiscard(StepDoor, RuleConfirm):
    """Throws a draft away, after a question."""

    verb = "discard"
    template_name = "workspace/confirm.html"
    done_message = gettext_lazy("The draft is discarded.")
    too_late = gettext_lazy("Only a draft can be thrown away, and this update is no longer one.")

    def context(self) -> dict[str, Any]:
        """What would be thrown away."""
        update = self.found()
        return {
            "title": _("Discard the draft “%(name)s”?") % {"name": update},
            "intro": _("Its text, its numbers and its files will be gone for you and your colleagues."),
            "button": _("Discard the draft"),
            "version": update.version,
            "back": self.back_page(),
            "crumbs": self.crumbs(_("Discard the draft")),
        }

    def rule(self, **answers: Any) -> str:
        """Throws it away, with what the person typed into it and did not save; gives the project's code."""
        update = self.found()
        updates.discard(update, by=self.person, version=self.version())
        own_rows(self.person).filter(path=form_address(self.form())).delete()
        return update.project.code

    def next_page(self, result: str) -> str:
        """The project."""
        return reverse("workspace:project-detail", args=[result])
