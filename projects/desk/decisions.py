"""What staff decide about an assignment, each a form around one rule; all show what agencies said, and when it came."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from govlab.doors import RuleButton, RuleForm
from projects.desk.assignments import AssignmentDoor, called, said, what_accepting_does
from projects.forms.decisions import FORMS
from projects.ledger import course
from projects.models import Assignment
from projects.rules import assignments, decisions


class Decision(AssignmentDoor, RuleForm):
    """A form around one decision, named by its verb."""

    template_name = "desk/assignments/decide.html"
    verb = ""
    intro: Any = ""

    def find(self) -> Assignment:
        """By its number."""
        return self.found()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, or why there is nothing to decide."""
        self.thing = self.find()
        refused = assignments.refusal(self.verb, self.person, self.thing, asked=False)
        if isinstance(refused, PermissionDenied):
            raise refused
        form = self.form_class(**self.form_kwargs())
        return self.show(form, refused=refused.messages if refused else [])

    def form_kwargs(self) -> dict[str, Any]:
        """The form knows the assignment and what agencies said."""
        self.happened = course([self.thing], self.person)[self.thing.pk]
        return {"thing": self.thing, "said": said(self.happened)}

    def context(self) -> dict[str, Any]:
        """What was asked and what became of it, to decide knowingly; what came in since the form was opened."""
        title = called(self.verb, self.thing)
        opened = self.thing.history.filter(version=self.version()).first() if self.request.method == "POST" else None
        since = opened.history_date if opened else None
        return {
            "assignment": self.thing,
            "days_late": self.thing.days_late(timezone.localdate()),
            "happened": self.happened,
            "came_in": [each for each in self.happened if since and each.when > since],
            "title": title,
            "button": title,
            "intro": self.said_first(),
            "back": self.own_page(),
            "crumbs": [*self.way_to(self.thing), (self.own_page(), _("Assignment")), ("", title)],
        }

    def said_first(self) -> Any:
        """What the decision leads to."""
        return self.intro

    def rule(self, **answers: Any) -> Assignment:
        """Carries it out."""
        decided: Assignment = getattr(decisions, self.verb)(self.thing, by=self.person, **answers)
        return decided


class AssignmentAccept(Decision):
    """Takes the answer as it is."""

    verb = "accept"
    form_class = FORMS["accept"]
    done_message = _("The answer is accepted.")

    def said_first(self) -> str:
        """Whether it goes on or waits to be closed."""
        return what_accepting_does(said(self.happened))


class AssignmentSendBack(Decision):
    """Asks again, gives no more time, or rejects the objection."""

    verb = "send_back"
    form_class = FORMS["send_back"]
    intro = _("It is open again, and the agency has the next step.")
    done_message = _("The agency is told and has the next step.")


class AssignmentExtend(Decision):
    """Gives more time."""

    verb = "extend"
    form_class = FORMS["extend"]
    done_message = _("The new due date is set, and the agency is told.")


class AssignmentReassign(Decision):
    """Gives it to another agency."""

    verb = "reassign"
    form_class = FORMS["reassign"]
    intro = _("What was answered so far stays with OPDC. The new agency has ten working days to contest.")
    done_message = _("The other agency is asked now, and both are told.")


class AssignmentClose(Decision):
    """Ends it with a note."""

    verb = "close"
    form_class = FORMS["close"]
    intro = _("It no longer comes back at the next meeting.")
    done_message = _("The assignment is closed.")


class AssignmentReopen(AssignmentDoor, RuleButton):
    """Takes the closing back."""

    done_message = _("The assignment is open again.")

    def rule(self, **answers: Any) -> Assignment:
        """Reopens it."""
        return decisions.reopen(self.found(), by=self.person, version=self.version())
